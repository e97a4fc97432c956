import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { InvalidInputError } from '../../domain/errors.ts'
import type { Page, PageRequest } from '../../store/query.ts'
import { describeWithTable } from '../support/dynamodb.ts'
import { anOnboardingPackage } from '../support/packages.ts'
import { aDecision, aDevice, aPolicy, aRotation, aStaticGroup, aTenant } from './records.ts'

const content = { sealedDataKey: 'key', initializationVector: 'iv', ciphertext: 'text', authenticationTag: 'tag' }
const numbers = [1, 2, 3, 4, 5]

async function readPages<T>(list: (page: PageRequest) => Promise<Page<T>>, limit: number): Promise<T[][]> {
  const pages: T[][] = []
  let cursor: string | undefined
  do {
    const { items, nextCursor } = await list({ limit, cursor })
    pages.push([...items])
    cursor = nextCursor
  } while (cursor)
  return pages
}

describeWithTable('lists', (table) => {
  test('pages hold everything once and in order, and the last one says so', async () => {
    const { stores } = table()
    const tenantId = await aTenant(stores)
    const group = aStaticGroup({ tenantId, groupId: 'members' })
    await stores.groups.create(group)
    for (const n of numbers) {
      await stores.policies.create(aPolicy({ tenantId, policyId: `policy-${n}` }))
      await stores.groups.create(aStaticGroup({ tenantId, groupId: `group-${n}` }))
      await stores.packages.create(anOnboardingPackage({ tenantId, packageId: `package-${n}` }), content)
      await stores.rotations.create(aRotation({ tenantId, rotationId: `rotation-${n}`, oldPolicyId: `policy-${n}` }))
      await stores.rotations.recordDecision(aDecision({ tenantId, decisionId: `decision-${n}` }))
      await stores.devices.enrol(aDevice({ tenantId, deviceId: `device-${n}` }))
    }
    await stores.groups.addMembers(
      group,
      numbers.map((n) => `device-${n}`),
    )

    const lists: Record<string, (page: PageRequest) => Promise<Page<unknown>>> = {
      policies: (page) => stores.policies.list(tenantId, page),
      packages: (page) => stores.packages.list(tenantId, page),
      rotations: (page) => stores.rotations.list(tenantId, page),
      decisions: (page) => stores.rotations.decisions(tenantId, 'rotation-1', page),
      devices: (page) => stores.devices.list(tenantId, page),
      members: (page) => stores.groups.members(tenantId, 'members', page),
    }
    for (const list of Object.values(lists)) {
      const [whole = []] = await readPages(list, 100)
      expect(whole).toHaveLength(5)
      expect(await readPages(list, 2)).toEqual([whole.slice(0, 2), whole.slice(2, 4), whole.slice(4)])
      expect(await readPages(list, 5)).toEqual([whole])
    }
    expect(await readPages((page) => stores.groups.list(tenantId, page), 3)).toHaveLength(2)
    expect(await stores.groups.members(tenantId, 'members', { limit: 2 })).toMatchObject({
      items: ['device-1', 'device-2'],
    })
  })

  test('an empty list is one empty page', async () => {
    const { stores } = table()
    const tenantId = await aTenant(stores)

    expect(await stores.devices.list(tenantId, { limit: 10 })).toEqual({ items: [] })
  })

  test('a cursor is refused by other lists and other tenants, and so is one that was changed', async () => {
    const { stores } = table()
    const [tenantId, stranger] = [await aTenant(stores), await aTenant(stores)]
    for (const n of [1, 2]) await stores.policies.create(aPolicy({ tenantId, policyId: `policy-${n}` }))
    const { nextCursor: cursor = '' } = await stores.policies.list(tenantId, { limit: 1 })
    const request = { limit: 1, cursor }

    await expect(stores.packages.list(tenantId, request)).rejects.toThrow(InvalidInputError)
    await expect(stores.devices.list(tenantId, request)).rejects.toThrow(InvalidInputError)
    await expect(stores.policies.list(stranger, request)).rejects.toMatchObject({
      violations: [{ pointer: '/cursor' }],
    })
    const change = fc.tuple(fc.nat({ max: cursor.length - 1 }), fc.constantFrom('', 'A', '_', '~'))
    const law = fc.asyncProperty(change, async ([at, replacement]) => {
      const changed = cursor.slice(0, at) + replacement + cursor.slice(at + 1)
      fc.pre(changed !== cursor)
      await expect(stores.policies.list(tenantId, { limit: 1, cursor: changed })).rejects.toThrow(InvalidInputError)
    })
    await fc.assert(law)
    await expect(stores.policies.list(tenantId, { limit: 1, cursor: '' })).rejects.toThrow(InvalidInputError)
  })
})
