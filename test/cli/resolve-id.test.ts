import { expect, test } from '@jest/globals'
import { z } from 'zod'
import { namedKinds, resolveId } from '../../cli/resolve-id.ts'
import type { AdminApi } from '../../local/fleet/admin-api.ts'

const groups = [{ groupId: 'group-1', name: 'Pilots' }, { groupId: 'rotation-1-cohort' }]
const unused = () => Promise.reject(new Error('Only lists are asked for'))
const api: AdminApi = { get: unused, post: unused, all: async (_, expected) => z.array(expected).parse(groups) }

test('finds a group by its name or id while a rotation has a cohort, which has no name', async () => {
  expect(await resolveId(api, namedKinds.group, 'Pilots')).toBe('group-1')
  expect(await resolveId(api, namedKinds.group, 'group-1')).toBe('group-1')
  await expect(resolveId(api, namedKinds.group, 'Pilot')).rejects.toThrow("No group has the id or name 'Pilot'")
})
