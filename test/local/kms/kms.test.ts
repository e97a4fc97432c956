import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { z } from 'zod'
import { openKms } from '../../../local/kms/kms.ts'
import { aDeployment, contentKeyArn, fingerprintKeyArn } from '../gateway/small-deployment.ts'

const { keys } = aDeployment()
const dataDir = mkdtempSync(join(tmpdir(), 'rampart-kms-'))
const kms = openKms({ keys, dataDir })
const answer = z.looseObject({
  Plaintext: z.string().default(''),
  CiphertextBlob: z.string().default(''),
  Mac: z.string().default(''),
})
const call = (operation: string, input: object, using = kms) => answer.parse(using.call(operation, input))
const base64 = (text: string) => Buffer.from(text).toString('base64')
const encrypt = (EncryptionContext = {}) =>
  call('Encrypt', { KeyId: contentKeyArn, Plaintext: base64('onboarding blob'), EncryptionContext }).CiphertextBlob

afterAll(() => rmSync(dataDir, { recursive: true }))

test('what was encrypted is decrypted by the same context, in whatever order its pairs come', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 4096 }).map((plain) => Buffer.from(plain).toString('base64'))
  const contexts = fc.dictionary(fc.string(), fc.string(), { maxKeys: 5 })
  fc.assert(
    fc.property(bytes, contexts, (Plaintext, EncryptionContext) => {
      const { CiphertextBlob } = call('Encrypt', { KeyId: contentKeyArn, Plaintext, EncryptionContext })
      const reordered = Object.fromEntries(Object.entries(EncryptionContext).reverse())

      const decrypted = call('Decrypt', { CiphertextBlob, EncryptionContext: reordered })

      expect(decrypted.Plaintext).toBe(Plaintext)
    }),
  )
})

test('a ciphertext opens under no other context', () => {
  const CiphertextBlob = encrypt({ tenantId: 'contoso' })

  for (const EncryptionContext of [{}, { tenantId: 'fabrikam' }, { tenantId: 'contoso', more: '' }]) {
    expect(() => call('Decrypt', { CiphertextBlob, EncryptionContext })).toThrow(
      expect.objectContaining({ code: 'InvalidCiphertextException' }),
    )
  }
})

test('a ciphertext with any byte changed is refused', () => {
  const blob = Buffer.from(encrypt(), 'base64')

  fc.assert(
    fc.property(fc.nat(blob.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Buffer.from(blob)
      changed.writeUInt8(blob.readUInt8(at) ^ change, at)
      expect(() => call('Decrypt', { CiphertextBlob: changed.toString('base64') })).toThrow()
    }),
  )
})

test('a data key comes with its own encryption, in the length asked for', () => {
  const lengths = [{ KeySpec: 'AES_256' }, { KeySpec: 'AES_128' }, { NumberOfBytes: 20 }].map((length) => {
    const { Plaintext, CiphertextBlob } = call('GenerateDataKey', { KeyId: contentKeyArn, ...length })
    expect(call('Decrypt', { CiphertextBlob, KeyId: 'content' }).Plaintext).toBe(Plaintext)
    return Buffer.from(Plaintext, 'base64').length
  })

  expect(lengths).toEqual([32, 16, 20])
  expect(() => call('GenerateDataKey', { KeyId: contentKeyArn })).toThrow('either KeySpec or NumberOfBytes')
})

test('a fingerprint is verified for its own message only', () => {
  const request = { KeyId: fingerprintKeyArn, MacAlgorithm: 'HMAC_SHA_256' }
  const { Mac } = call('GenerateMac', { ...request, Message: base64('package') })

  expect(kms.call('VerifyMac', { ...request, Message: base64('package'), Mac })).toMatchObject({ MacValid: true })
  expect(() => kms.call('VerifyMac', { ...request, Message: base64('another'), Mac })).toThrow(
    expect.objectContaining({ code: 'KMSInvalidMacException' }),
  )
})

test('the keys survive a restart, in a file that only its owner can read', () => {
  const CiphertextBlob = encrypt()

  const reopened = openKms({ keys, dataDir })

  expect(call('Decrypt', { CiphertextBlob }, reopened).Plaintext).toBe(base64('onboarding blob'))
  expect(statSync(join(dataDir, 'kms-keys.json')).mode & 0o777).toBe(0o600)
})

test('a damaged key file is refused, not replaced', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'rampart-kms-'))
  writeFileSync(join(elsewhere, 'kms-keys.json'), '{"half')

  expect(() => openKms({ keys, dataDir: elsewhere })).toThrow('is damaged')

  rmSync(elsewhere, { recursive: true })
})

test('every mistake has the name that KMS gives it', () => {
  const Plaintext = base64('secret')
  const mistakes = [
    ['Encrypt', { KeyId: 'no-such-key', Plaintext }, 'NotFoundException'],
    ['Encrypt', { KeyId: fingerprintKeyArn, Plaintext }, 'InvalidKeyUsageException'],
    ['Encrypt', { KeyId: contentKeyArn, Plaintext, GrantTokens: ['token'] }, 'ValidationException'],
    ['Decrypt', { CiphertextBlob: base64('no blob') }, 'InvalidCiphertextException'],
    ['Decrypt', { CiphertextBlob: encrypt(), KeyId: fingerprintKeyArn }, 'IncorrectKeyException'],
    ['ReEncrypt', {}, 'UnknownOperationException'],
  ] as const

  for (const [operation, input, code] of mistakes) {
    expect(() => kms.call(operation, input)).toThrow(expect.objectContaining({ code }))
  }
})

test('a key of another kind is refused when KMS opens', () => {
  const [key] = keys
  const rsa = { ...key, logicalId: 'Rsa', arn: 'arn:rsa', keySpec: 'RSA_2048', policy: { Version: '', Statement: [] } }

  expect(() => openKms({ keys: [rsa], dataDir })).toThrow("'RSA_2048'; supported are SYMMETRIC_DEFAULT and HMAC_256")
})
