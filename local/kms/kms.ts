import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { z } from 'zod'
import { ServiceError, unknownOperation, validationError } from '../gateway/service-error.ts'
import type { KeyResource } from '../template/deployment.ts'
import { keyArnOfBlob, seal, unseal } from './ciphertext.ts'
import { describeKey } from './describe-key.ts'
import { type KeyMaterial, openKeyRing } from './key-ring.ts'
import { kmsRequests, parseKmsRequest } from './requests.ts'

/** The part of AWS KMS that the app uses, with the deployment's keys. */
export interface Kms {
  /** What the operation answers, as its JSON. Throws a `ServiceError` named as KMS names it. */
  call(operation: string, input: unknown): unknown
  /** The key that a call is about. Throws KMS's NotFoundException or InvalidCiphertextException where there is none. */
  keyOf(operation: string, input: unknown): KeyResource
}

interface Key extends KeyResource, KeyMaterial {}

const macMessage = 'The HMAC is not valid for the message, the key and the MAC algorithm'

/** KMS for `keys`, whose secrets are kept under `dataDir`. Key specs other than these two are refused by name. */
export function openKms({ keys, dataDir }: { keys: readonly KeyResource[]; dataDir: string }): Kms {
  for (const { arn, keySpec } of keys) {
    if (keySpec === 'SYMMETRIC_DEFAULT' || keySpec === 'HMAC_256') continue
    throw new Error(`Key '${arn}' has key spec '${keySpec}'; supported are SYMMETRIC_DEFAULT and HMAC_256`)
  }
  const keysById = indexById(keys, openKeyRing(keys, dataDir))
  const operations = kmsOperations((keyId) => find(keysById, keyId))
  return {
    call(operation, input) {
      const run = operations.get(operation)
      if (!run) throw unknownOperation('KMS', operation)
      return run(input)
    },
    keyOf(operation, input) {
      const { KeyId, CiphertextBlob } = parseKmsRequest(kmsRequests.keyed, input)
      if (KeyId !== undefined) return find(keysById, KeyId)
      if (operation === 'Decrypt' && CiphertextBlob) return find(keysById, blobKey(CiphertextBlob))
      throw validationError(`the request of ${operation} has no KeyId`)
    },
  }
}

/** Every key by its ARN and by its bare id. */
function indexById(keys: readonly KeyResource[], ring: ReadonlyMap<string, KeyMaterial>) {
  const keysById = new Map<string, Key>()
  for (const resource of keys) {
    const material = ring.get(resource.arn)
    if (!material) continue
    const key = { ...resource, ...material }
    keysById.set(key.arn, key).set(key.arn.slice(key.arn.indexOf(':key/') + 5), key)
  }
  return keysById
}

function find(keysById: ReadonlyMap<string, Key>, keyId: string): Key {
  const key = keysById.get(keyId)
  if (!key) throw new ServiceError('NotFoundException', `Key '${keyId}' does not exist`)
  return key
}

function blobKey(blob: Buffer): string {
  const arn = keyArnOfBlob(blob)
  if (arn === undefined) throw new ServiceError('InvalidCiphertextException', 'The ciphertext is not one of this KMS')
  return arn
}

function kmsOperations(find: (keyId: string) => Key): ReadonlyMap<string, (input: unknown) => unknown> {
  const cipherKey = (keyId: string) => usable(find(keyId), 'SYMMETRIC_DEFAULT')
  const mac = (keyId: string, message: Buffer) =>
    createHmac('sha256', usable(find(keyId), 'HMAC_256').secret)
      .update(message)
      .digest()

  return new Map([
    operation('DescribeKey', kmsRequests.DescribeKey, ({ KeyId }) => ({ KeyMetadata: describeKey(find(KeyId)) })),

    operation('Encrypt', kmsRequests.Encrypt, ({ KeyId, Plaintext, EncryptionContext, EncryptionAlgorithm }) => {
      const { arn, secret } = cipherKey(KeyId)
      const blob = seal(secret, arn, EncryptionContext, Plaintext)
      return { KeyId: arn, CiphertextBlob: blob.toString('base64'), EncryptionAlgorithm }
    }),

    operation('Decrypt', kmsRequests.Decrypt, ({ KeyId, CiphertextBlob, EncryptionContext, EncryptionAlgorithm }) => {
      const { arn, secret } = cipherKey(blobKey(CiphertextBlob))
      if (KeyId !== undefined && find(KeyId).arn !== arn) {
        throw new ServiceError('IncorrectKeyException', `The ciphertext was not encrypted under key '${KeyId}'`)
      }
      const plaintext = unseal(secret, CiphertextBlob, EncryptionContext)
      if (!plaintext) throw new ServiceError('InvalidCiphertextException', 'The ciphertext or its context was changed')
      return { KeyId: arn, Plaintext: plaintext.toString('base64'), EncryptionAlgorithm }
    }),

    operation('GenerateDataKey', kmsRequests.GenerateDataKey, (input) => {
      const { arn, secret } = cipherKey(input.KeyId)
      const plaintext = randomBytes(input.NumberOfBytes ?? (input.KeySpec === 'AES_128' ? 16 : 32))
      const blob = seal(secret, arn, input.EncryptionContext, plaintext)
      return { KeyId: arn, Plaintext: plaintext.toString('base64'), CiphertextBlob: blob.toString('base64') }
    }),

    operation('GenerateMac', kmsRequests.GenerateMac, ({ KeyId, Message, MacAlgorithm }) => {
      return { KeyId: find(KeyId).arn, Mac: mac(KeyId, Message).toString('base64'), MacAlgorithm }
    }),

    operation('VerifyMac', kmsRequests.VerifyMac, ({ KeyId, Message, Mac, MacAlgorithm }) => {
      const expected = mac(KeyId, Message)
      const isValid = Mac.length === expected.length && timingSafeEqual(Mac, expected)
      if (!isValid) throw new ServiceError('KMSInvalidMacException', macMessage)
      return { KeyId: find(KeyId).arn, MacValid: true, MacAlgorithm }
    }),
  ])
}

function operation<Schema extends z.ZodType>(name: string, schema: Schema, run: (input: z.output<Schema>) => unknown) {
  const parseAndRun = (input: unknown) => run(parseKmsRequest(schema, input))
  return [name, parseAndRun] as const
}

function usable(key: Key, keySpec: string): Key {
  if (key.keySpec === keySpec) return key
  throw new ServiceError('InvalidKeyUsageException', `Key '${key.arn}' is ${key.keySpec}; this needs ${keySpec}`)
}
