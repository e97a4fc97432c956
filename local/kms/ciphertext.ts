import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Names and values that must be given again to decrypt; they are authenticated, not stored. */
export type EncryptionContext = Readonly<Record<string, string>>

/** A ciphertext blob, taken apart. It names its key, so that Decrypt needs none. */
interface Blob {
  readonly keyArn: string
  readonly nonce: Buffer
  readonly tag: Buffer
  readonly sealed: Buffer
}

const version = 1
const headerBytes = 3
const nonceBytes = 12
const tagBytes = 16

/** `plaintext` under AES-256-GCM: version, length of the key's ARN, the ARN, nonce, tag, ciphertext. */
export function seal(secret: Buffer, keyArn: string, context: EncryptionContext, plaintext: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', secret, nonce).setAAD(associatedData(keyArn, context))
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()])
  const arn = Buffer.from(keyArn)
  const header = Buffer.alloc(headerBytes)
  header.writeUInt8(version)
  header.writeUInt16BE(arn.length, 1)
  return Buffer.concat([header, arn, nonce, cipher.getAuthTag(), sealed])
}

/** What `seal` sealed; undefined where the blob was changed or the secret or the context is another. */
export function unseal(secret: Buffer, blob: Buffer, context: EncryptionContext): Buffer | undefined {
  const parts = takeApart(blob)
  if (!parts) return undefined
  const { keyArn, nonce, tag, sealed } = parts
  const decipher = createDecipheriv('aes-256-gcm', secret, nonce, { authTagLength: tagBytes })
  decipher.setAAD(associatedData(keyArn, context)).setAuthTag(tag)
  try {
    return Buffer.concat([decipher.update(sealed), decipher.final()])
  } catch {
    return undefined
  }
}

/** The ARN of the key that a blob says it was sealed with; undefined where it is no blob of `seal`. */
export function keyArnOfBlob(blob: Buffer): string | undefined {
  return takeApart(blob)?.keyArn
}

function takeApart(blob: Buffer): Blob | undefined {
  if (blob.length < headerBytes || blob.readUInt8() !== version) return undefined
  const nonceAt = headerBytes + blob.readUInt16BE(1)
  const tagAt = nonceAt + nonceBytes
  const sealedAt = tagAt + tagBytes
  if (blob.length < sealedAt) return undefined
  return {
    keyArn: blob.toString('utf8', headerBytes, nonceAt),
    nonce: blob.subarray(nonceAt, tagAt),
    tag: blob.subarray(tagAt, sealedAt),
    sealed: blob.subarray(sealedAt),
  }
}

/** The order in which a context's pairs were given does not matter. */
function associatedData(keyArn: string, context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))
  return Buffer.from(JSON.stringify([keyArn, pairs]))
}
