import { z } from 'zod'
import { validationError } from '../gateway/service-error.ts'

const bytes = (most: number) =>
  z
    .base64()
    .transform((text) => Buffer.from(text, 'base64'))
    .refine(({ length }) => length > 0 && length <= most, `must be 1 to ${most} bytes`)

const keyId = z.string().min(1)
const context = z.record(z.string(), z.string()).default({})
const cipher = z.literal('SYMMETRIC_DEFAULT').default('SYMMETRIC_DEFAULT')
const macAlgorithm = z.literal('HMAC_SHA_256')

/** The operations that are served, each with the members that it takes. A member that is not listed is refused. */
export const kmsRequests = {
  /** What of any request says which key it is about. */
  keyed: z.looseObject({ KeyId: keyId.optional(), CiphertextBlob: bytes(6144).optional() }),
  DescribeKey: z.strictObject({ KeyId: keyId }),
  Encrypt: z.strictObject({
    KeyId: keyId,
    Plaintext: bytes(4096),
    EncryptionContext: context,
    EncryptionAlgorithm: cipher,
  }),
  Decrypt: z.strictObject({
    KeyId: keyId.optional(),
    CiphertextBlob: bytes(6144),
    EncryptionContext: context,
    EncryptionAlgorithm: cipher,
  }),
  GenerateDataKey: z
    .strictObject({
      KeyId: keyId,
      EncryptionContext: context,
      KeySpec: z.enum(['AES_256', 'AES_128']).optional(),
      NumberOfBytes: z.int().min(1).max(1024).optional(),
    })
    .refine(
      ({ KeySpec, NumberOfBytes }) => (KeySpec === undefined) !== (NumberOfBytes === undefined),
      'must name either KeySpec or NumberOfBytes',
    ),
  GenerateMac: z.strictObject({ KeyId: keyId, Message: bytes(4096), MacAlgorithm: macAlgorithm }),
  VerifyMac: z.strictObject({ KeyId: keyId, Message: bytes(4096), MacAlgorithm: macAlgorithm, Mac: bytes(6144) }),
}

/** What `input` says by `schema`. Throws KMS's ValidationException, naming the member at fault and never its value. */
export function parseKmsRequest<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw validationError(`the request${issue?.path.map((step) => `.${String(step)}`).join('')}: ${issue?.message}`)
}
