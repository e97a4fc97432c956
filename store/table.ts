/** The one table's keys, indexes and time to live, as `infra/` creates them and the stores use them. */
export const table = {
  partitionKey: 'pk',
  sortKey: 'sk',
  indexes: ['gsi1', 'gsi2'],
  ttlAttribute: 'expiresAtSeconds',
} as const
