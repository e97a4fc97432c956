import { expect, test } from '@jest/globals'
import { RefusedError } from '../../domain/errors.ts'
import { describeWithTable } from '../support/dynamodb.ts'
import { aTenant } from './records.ts'

const expiresAt = '2027-01-01T00:00:00.500Z'

describeWithTable('what happens once', (table) => {
  test('a request is new, under way, and then answered the same for ever', async () => {
    const { idempotency } = table().stores
    const tenantId = await aTenant(table().stores)
    const request = { tenantId, key: 'key-1', requestDigest: 'digest', expiresAtSeconds: 1_800_000_000 }
    const answer = { status: 201, headers: { location: '/v1/policies/policy-1' }, body: '{}' }

    expect(await idempotency.begin(request)).toEqual({ kind: 'new' })
    expect(await idempotency.begin(request)).toEqual({ kind: 'underWay' })
    await idempotency.finish(request, answer)
    await idempotency.finish(request, { ...answer, status: 500 })

    expect(await idempotency.begin(request)).toEqual({ kind: 'replay', answer })
    expect(await idempotency.begin({ ...request, requestDigest: 'other' })).toEqual({ kind: 'mismatch' })
    expect(await idempotency.begin({ ...request, key: 'key-2' })).toEqual({ kind: 'new' })
  })

  test('of many who begin at once, one is the first', async () => {
    const { idempotency } = table().stores
    const tenantId = await aTenant(table().stores)
    const request = { tenantId, key: 'key-1', requestDigest: 'digest', expiresAtSeconds: 1_800_000_000 }

    const beginnings = await Promise.all(Array.from({ length: 8 }, () => idempotency.begin(request)))

    expect(beginnings.filter(({ kind }) => kind === 'new')).toHaveLength(1)
    expect(beginnings.filter(({ kind }) => kind === 'underWay')).toHaveLength(7)
  })

  test('an answer to a request that never began is not kept', async () => {
    const { stores, contents } = table()
    const tenantId = await aTenant(stores)
    const before = await contents()
    const request = { tenantId, key: 'key-1', requestDigest: 'digest', expiresAtSeconds: 1_800_000_000 }

    await stores.idempotency.finish(request, { status: 200, headers: {}, body: '' })

    expect(await contents()).toEqual(before)
  })

  test('an enrolment token is found as it was created, and goes after it has expired', async () => {
    const { stores, contents } = table()
    const tenantId = await aTenant(stores)
    const createdAt = '2026-01-01T00:00:00.000Z'
    const token = { tenantId, tokenId: 'token-1', secretDigest: 'digest', expiresAt, createdBy: 'operator', createdAt }

    await stores.enrolmentTokens.create(token)

    expect(await stores.enrolmentTokens.find(tenantId, 'token-1')).toEqual(token)
    expect(await stores.enrolmentTokens.find(tenantId, 'token-2')).toBeUndefined()
    await expect(stores.enrolmentTokens.create(token)).rejects.toThrow(RefusedError)
    const stored = (await contents())[`tenant#${tenantId}#enrolment token#token-1`]
    expect(stored).toMatchObject({ expiresAtSeconds: Math.ceil(Date.parse(expiresAt) / 1000) })
  })
})
