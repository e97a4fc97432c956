import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { DecryptCommand, GenerateDataKeyCommand, GenerateMacCommand, type KMSClient } from '@aws-sdk/client-kms'
import { UnavailableError } from '../domain/errors.ts'
import type { SealedContent } from '../domain/onboarding-package.ts'

/** Keeps package contents secret: sealed where they are stored, compared by a keyed fingerprint. */
export interface PackageVault {
  /** The content, encrypted under a data key of its own; only the same tenant and package can open it. */
  seal(owner: PackageOwner, content: string): Promise<SealedContent>
  /** The content of a package, for a device. */
  open(owner: PackageOwner, sealed: SealedContent): Promise<string>
  /** Equal for equal contents of one tenant; says nothing about the content to anybody without the key. */
  fingerprint(tenantId: string, content: string): Promise<string>
}

interface PackageOwner {
  readonly tenantId: string
  readonly packageId: string
}

const cipherName = 'aes-256-gcm'

/** A vault whose keys never leave the key service. */
export function packageVault(kms: KMSClient, keys: { contentKeyArn: string; fingerprintKeyArn: string }): PackageVault {
  const openedBySealedKey = new Map<string, string>()
  return {
    async seal(owner, content) {
      const { Plaintext, CiphertextBlob } = await kms.send(
        new GenerateDataKeyCommand({
          KeyId: keys.contentKeyArn,
          KeySpec: 'AES_256',
          EncryptionContext: contextOf(owner),
        }),
      )
      if (!Plaintext || !CiphertextBlob) throw new UnavailableError('The key service gave no data key; try again')
      const initializationVector = randomBytes(12)
      const cipher = createCipheriv(cipherName, Plaintext, initializationVector)
      const ciphertext = Buffer.concat([cipher.update(content, 'utf8'), cipher.final()])
      return {
        sealedDataKey: Buffer.from(CiphertextBlob).toString('base64'),
        initializationVector: initializationVector.toString('base64'),
        ciphertext: ciphertext.toString('base64'),
        authenticationTag: cipher.getAuthTag().toString('base64'),
      }
    },

    async open(owner, sealed) {
      const kept = openedBySealedKey.get(sealed.sealedDataKey)
      if (kept !== undefined) return kept
      const content = decipher(sealed, await dataKey(kms, owner, sealed))
      if (openedBySealedKey.size >= 16) openedBySealedKey.clear()
      openedBySealedKey.set(sealed.sealedDataKey, content)
      return content
    },

    async fingerprint(tenantId, content) {
      const digest = createHash('sha256').update(`${tenantId}\n${content}`).digest()
      const { Mac } = await kms.send(
        new GenerateMacCommand({ KeyId: keys.fingerprintKeyArn, MacAlgorithm: 'HMAC_SHA_256', Message: digest }),
      )
      if (!Mac) throw new UnavailableError('The key service gave no fingerprint; try again')
      return Buffer.from(Mac).toString('base64url')
    },
  }
}

function contextOf({ tenantId, packageId }: PackageOwner) {
  return { tenantId, packageId }
}

async function dataKey(kms: KMSClient, owner: PackageOwner, { sealedDataKey }: SealedContent): Promise<Uint8Array> {
  const { Plaintext } = await kms.send(
    new DecryptCommand({ CiphertextBlob: Buffer.from(sealedDataKey, 'base64'), EncryptionContext: contextOf(owner) }),
  )
  if (!Plaintext) throw new UnavailableError('The key service did not open the data key; try again')
  return Plaintext
}

function decipher(sealed: SealedContent, key: Uint8Array): string {
  const cipher = createDecipheriv(cipherName, key, Buffer.from(sealed.initializationVector, 'base64'))
  cipher.setAuthTag(Buffer.from(sealed.authenticationTag, 'base64'))
  return Buffer.concat([cipher.update(Buffer.from(sealed.ciphertext, 'base64')), cipher.final()]).toString('utf8')
}
