import { expect, test } from '@jest/globals'
import { InvalidInputError, NotFoundError } from '../../domain/errors.ts'
import { describeWithTable } from '../support/dynamodb.ts'
import { anOnboardingPackage } from '../support/packages.ts'
import { aDecision, aDevice, aPolicy, aRotation, aStaticGroup, aTenant, aWait } from './records.ts'

const createdAt = '2026-01-01T00:00:00.000Z'
const content = { sealedDataKey: 'key', initializationVector: 'iv', ciphertext: 'text', authenticationTag: 'tag' }
const token = { tokenId: 'token-1', secretDigest: 'digest', expiresAt: createdAt, createdBy: 'operator', createdAt }
const request = { key: 'key-1', requestDigest: 'digest', expiresAtSeconds: 1_800_000_000 }

describeWithTable('tenants', (table) => {
  test('a tenant is created once and found in the list', async () => {
    const { tenants, configurations, policies } = table().stores
    await tenants.create({ tenantId: 'contoso', name: 'Contoso', createdAt })
    await policies.create(aPolicy({ tenantId: 'contoso' }))

    await tenants.create({ tenantId: 'contoso', name: 'Another', createdAt })

    expect(await tenants.get('contoso')).toEqual({ tenantId: 'contoso', name: 'Contoso', createdAt })
    expect(await tenants.list()).toContainEqual({ tenantId: 'contoso', name: 'Contoso', createdAt })
    expect(await configurations.revision('contoso')).toBe(1)
    await expect(tenants.get('fabrikam')).rejects.toThrow("No tenant is named 'fabrikam'")
  })

  test.each(['', 'contoso#device'])("'%s' is no tenant id, for it could reach into other keys", async (tenantId) => {
    const { tenants } = table().stores

    await expect(tenants.create({ tenantId, name: 'Contoso', createdAt })).rejects.toThrow(InvalidInputError)
  })

  test('nothing can be kept in the configuration of a tenant that does not exist', async () => {
    const { stores, contents } = table()
    const before = await contents()

    await expect(stores.policies.create(aPolicy({ tenantId: 'nobody' }))).rejects.toThrow(NotFoundError)

    expect(await contents()).toEqual(before)
  })

  test('one tenant sees nothing of another', async () => {
    const { stores } = table()
    const [owner, stranger] = [await aTenant(stores), await aTenant(stores)]
    const group = aStaticGroup({ tenantId: owner })
    await stores.policies.create(aPolicy({ tenantId: owner }))
    await stores.groups.create(group)
    await stores.packages.create(anOnboardingPackage({ tenantId: owner }), content)
    await stores.devices.enrol(aDevice({ tenantId: owner, attentionAt: createdAt }))
    await stores.groups.addMembers(group, ['device-1'])
    await stores.rotations.create(aRotation({ tenantId: owner }))
    await stores.rotations.recordDecision(aDecision({ tenantId: owner }))
    await stores.rotations.setWait(aWait({ tenantId: owner }))
    await stores.enrolmentTokens.create({ ...token, tenantId: owner })
    await stores.counters.apply('shard', '1', [{ tenantId: owner, scope: { kind: 'tenant' }, changes: { devices: 1 } }])
    await stores.idempotency.begin({ ...request, tenantId: owner })

    const one = { limit: 1 }
    const lists = [
      stores.policies.list(stranger, one),
      stores.groups.list(stranger, one),
      stores.groups.members(stranger, 'group-1', one),
      stores.packages.list(stranger, one),
      stores.devices.list(stranger, one),
      stores.rotations.list(stranger, one),
      stores.rotations.decisions(stranger, 'rotation-1', one),
    ]
    for (const page of await Promise.all(lists)) expect(page).toEqual({ items: [] })
    const records = [
      stores.policies.get(stranger, 'policy-1'),
      stores.groups.get(stranger, 'group-1'),
      stores.packages.get(stranger, 'package-1'),
      stores.packages.sealedContent(stranger, 'package-1'),
      stores.devices.get(stranger, 'device-1'),
      stores.devices.collection(stranger, 'device-1'),
      stores.rotations.get(stranger, 'rotation-1'),
    ]
    for (const { status } of await Promise.allSettled(records)) expect(status).toBe('rejected')
    expect(await stores.configurations.load(stranger)).toMatchObject({ policies: [], groups: [], packages: [] })
    expect(await stores.devices.dueForAttention(stranger, '2027-01-01T00:00:00.000Z', 10)).toEqual([])
    expect(await stores.rotations.openWaits(stranger)).toEqual([])
    expect(await stores.rotations.wait(stranger, 'rotation-1')).toBeUndefined()
    expect(await stores.enrolmentTokens.find(stranger, 'token-1')).toBeUndefined()
    expect(await stores.counters.get(stranger, { kind: 'tenant' })).toEqual({})
    expect(await stores.idempotency.begin({ ...request, tenantId: stranger })).toEqual({ kind: 'new' })
  })
})
