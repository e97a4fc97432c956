import { expect, test } from '@jest/globals'
import { InvalidInputError, NotFoundError, RefusedError, StaleRevisionError } from '../../domain/errors.ts'
import { readDeviceImage } from '../../store/device-image.ts'
import { describeWithTable } from '../support/dynamodb.ts'
import { aDevice, aStaticGroup, aTenant } from './records.ts'

describeWithTable('devices', (table) => {
  test('a device that is enrolled is read, and cannot be enrolled twice', async () => {
    const { stores } = table()
    const tenantId = await aTenant(stores)
    const device = aDevice({ tenantId })

    await stores.devices.enrol(device)

    expect(await stores.devices.get(tenantId, 'device-1')).toEqual(device)
    await expect(stores.devices.enrol(device)).rejects.toThrow(RefusedError)
    await expect(stores.devices.get(tenantId, 'nobody')).rejects.toThrow(NotFoundError)
  })

  test('a device is saved only as the successor of what is stored, and loses what its next state has not', async () => {
    const { stores } = table()
    const tenantId = await aTenant(stores)
    const rest = aDevice({ tenantId })
    const device = { ...rest, attentionAt: '2026-01-02T00:00:00.000Z', deliveredPackageId: 'package-1' }
    await stores.devices.enrol(device)

    await stores.devices.save({ ...rest, revision: 2 })

    expect(await stores.devices.get(tenantId, 'device-1')).toEqual({ ...rest, revision: 2 })
    await expect(stores.devices.save({ ...device, revision: 2 })).rejects.toThrow(StaleRevisionError)
    await expect(stores.devices.save(aDevice({ tenantId, deviceId: 'nobody', revision: 2 }))).rejects.toThrow(
      "The device 'nobody' is no longer at revision 1; read it again and retry",
    )
    expect(await stores.devices.get(tenantId, 'device-1')).toEqual({ ...rest, revision: 2 })
  })

  test('one read finds a device and the groups it is in', async () => {
    const { stores } = table()
    const tenantId = await aTenant(stores)
    await stores.devices.enrol(aDevice({ tenantId }))
    for (const groupId of ['laptops', 'pilots']) {
      const group = aStaticGroup({ tenantId, groupId })
      await stores.groups.create(group)
      await stores.groups.addMembers(group, ['device-1'])
    }

    const { device, groupIds } = await stores.devices.collection(tenantId, 'device-1')

    expect(device).toEqual(aDevice({ tenantId }))
    expect(groupIds).toEqual(['laptops', 'pilots'])
    await expect(stores.devices.collection(tenantId, 'nobody')).rejects.toThrow(NotFoundError)
  })

  test('a check-in costs one Query, one GetItem and one write', async () => {
    const { stores, client } = table()
    const tenantId = await aTenant(stores)
    await stores.devices.enrol(aDevice({ tenantId }))
    const commands: (string | undefined)[] = []
    client.middlewareStack.add(
      (next, { commandName }) =>
        (call) => {
          commands.push(commandName)
          return next(call)
        },
      { name: 'recordCommands' },
    )

    const { device } = await stores.devices.collection(tenantId, 'device-1')
    await stores.configurations.revision(tenantId)
    await stores.devices.save({ ...device, revision: device.revision + 1 })
    client.middlewareStack.remove('recordCommands')

    expect(commands).toEqual(['QueryCommand', 'GetItemCommand', 'PutItemCommand'])
  })

  test('devices come due in the order of their moments, and only those that have one', async () => {
    const { stores } = table()
    const tenantId = await aTenant(stores)
    const at = (hour: number) => `2026-01-01T0${hour}:00:00.000Z`
    for (const [deviceId, attentionAt] of [['late', at(3)], ['due', at(2)], ['early', at(1)], ['idle']] as const) {
      await stores.devices.enrol(aDevice({ tenantId, deviceId, attentionAt }))
    }

    expect(await stores.devices.dueForAttention(tenantId, at(2), 10)).toEqual(['early', 'due'])
    expect(await stores.devices.dueForAttention(tenantId, at(3), 2)).toEqual(['early', 'due'])
    expect(await stores.devices.dueForAttention(tenantId, at(0), 10)).toEqual([])
  })

  test('a device whose attention was seen to is due no more', async () => {
    const { stores } = table()
    const tenantId = await aTenant(stores)
    const device = aDevice({ tenantId, attentionAt: '2026-01-01T01:00:00.000Z' })
    await stores.devices.enrol(device)

    await stores.devices.save({ ...device, attentionAt: undefined, revision: 2 })

    expect(await stores.devices.dueForAttention(tenantId, '2026-01-09T00:00:00.000Z', 10)).toEqual([])
  })

  test('an image of the table stream shows the device that was stored', () => {
    const image = {
      pk: { S: 'tenant#contoso#device#device-1' },
      sk: { S: 'device' },
      tenantId: { S: 'contoso' },
      deviceId: { S: 'device-1' },
      isUnreachable: { BOOL: false },
      attentionAt: { S: '' },
      policyStatuses: { M: { 'policy-1': { S: 'pending' } } },
      revision: { N: '7' },
    }

    const device = readDeviceImage(image)

    expect(device).toMatchObject({ deviceId: 'device-1', policyStatuses: { 'policy-1': 'pending' }, revision: 7 })
    expect(device.attentionAt).toBeUndefined()
    expect(() => readDeviceImage({ ...image, sk: { S: 'member#laptops' } })).toThrow(InvalidInputError)
  })
})
