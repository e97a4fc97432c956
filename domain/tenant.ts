/** The isolation boundary: everything that Rampart keeps belongs to one tenant, and nothing crosses from one to another. */
export interface Tenant {
  readonly tenantId: string
  readonly name: string
  readonly createdAt: string
}
