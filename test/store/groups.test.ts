import { expect, test } from '@jest/globals'
import { InvalidInputError, NotFoundError, RefusedError, StaleRevisionError } from '../../domain/errors.ts'
import type { Stores } from '../../store/stores.ts'
import { describeWithTable } from '../support/dynamodb.ts'
import { aDevice, aStaticGroup, aTenant } from './records.ts'

const deviceIds = ['device-1', 'device-2', 'device-3']

async function aGroupAndDevices(stores: Stores) {
  const tenantId = await aTenant(stores)
  const group = aStaticGroup({ tenantId })
  await stores.groups.create(group)
  for (const deviceId of deviceIds) await stores.devices.enrol(aDevice({ tenantId, deviceId }))
  return { tenantId, group }
}

describeWithTable('static groups', (table) => {
  test('members are counted once, however often they are added', async () => {
    const { stores } = table()
    const { tenantId, group } = await aGroupAndDevices(stores)

    const one = await stores.groups.addMembers(group, ['device-1', 'device-1'])
    const three = await stores.groups.addMembers(one, deviceIds)
    const same = await stores.groups.addMembers(three, deviceIds)

    expect(one).toEqual({ ...group, memberCount: 1, revision: 2 })
    expect(three).toEqual({ ...group, memberCount: 3, revision: 3 })
    expect(same).toEqual(three)
    expect(await stores.groups.get(tenantId, 'group-1')).toEqual(three)
    expect(await stores.groups.members(tenantId, 'group-1', { limit: 10 })).toEqual({ items: deviceIds })
    expect(await stores.configurations.revision(tenantId)).toBe(1)
  })

  test('a device that does not exist is named, and nobody is added', async () => {
    const { stores, contents } = table()
    const { group } = await aGroupAndDevices(stores)
    const before = await contents()

    const adding = stores.groups.addMembers(group, ['device-1', 'nobody'])

    await expect(adding).rejects.toThrow(InvalidInputError)
    await expect(adding).rejects.toThrow("No device is named 'nobody'")
    expect(await contents()).toEqual(before)
  })

  test('forty devices are added at once, and no more', async () => {
    const { stores } = table()
    const { tenantId, group } = await aGroupAndDevices(stores)
    const many = Array.from({ length: 41 }, (_, n) => `many-${n}`)
    await Promise.all(many.map((deviceId) => stores.devices.enrol(aDevice({ tenantId, deviceId }))))

    await expect(stores.groups.addMembers(group, many)).rejects.toThrow('41 devices are too many for one change')
    expect(await stores.groups.addMembers(group, many.slice(0, 40))).toMatchObject({ memberCount: 40 })
  })

  test('a member is removed once', async () => {
    const { stores } = table()
    const { tenantId, group } = await aGroupAndDevices(stores)
    const full = await stores.groups.addMembers(group, deviceIds)

    const fewer = await stores.groups.removeMember(full, 'device-2')

    expect(fewer).toEqual({ ...group, memberCount: 2, revision: 3 })
    expect((await stores.devices.collection(tenantId, 'device-2')).groupIds).toEqual([])
    await expect(stores.groups.removeMember(fewer, 'device-2')).rejects.toThrow(NotFoundError)
    await expect(stores.groups.removeMember(full, 'device-1')).rejects.toThrow(StaleRevisionError)
  })

  test('two who change the members of one group at once do not lose a member', async () => {
    const { stores } = table()
    const { tenantId, group } = await aGroupAndDevices(stores)

    const changes = await Promise.allSettled(deviceIds.map((deviceId) => stores.groups.addMembers(group, [deviceId])))

    expect(changes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const { items } = await stores.groups.members(tenantId, 'group-1', { limit: 10 })
    expect(await stores.groups.get(tenantId, 'group-1')).toMatchObject({ memberCount: 1 })
    expect(items).toHaveLength(1)
  })

  test('a group is removed at its revision alone', async () => {
    const { stores } = table()
    const { tenantId, group } = await aGroupAndDevices(stores)

    await expect(stores.groups.create(group)).rejects.toThrow(RefusedError)
    await expect(stores.groups.remove({ ...group, revision: 2 })).rejects.toThrow(StaleRevisionError)
    await stores.groups.remove(group)

    await expect(stores.groups.get(tenantId, 'group-1')).rejects.toThrow(NotFoundError)
    expect(await stores.configurations.revision(tenantId)).toBe(2)
  })
})
