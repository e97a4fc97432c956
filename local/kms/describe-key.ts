import type { KeyResource } from '../template/deployment.ts'

/** A key's metadata as DescribeKey answers it. Every key of a deployment is customer-managed and enabled. */
export function describeKey({ arn, keySpec, createdAt }: KeyResource & { readonly createdAt: string }) {
  const [, , , , accountId, resource] = arn.split(':')
  return {
    Arn: arn,
    KeyId: resource?.replace('key/', ''),
    AWSAccountId: accountId,
    CreationDate: Date.parse(createdAt) / 1000,
    Enabled: true,
    KeyState: 'Enabled',
    KeyManager: 'CUSTOMER',
    Origin: 'AWS_KMS',
    MultiRegion: false,
    KeySpec: keySpec,
    CustomerMasterKeySpec: keySpec,
    ...(keySpec === 'HMAC_256'
      ? { KeyUsage: 'GENERATE_VERIFY_MAC', MacAlgorithms: ['HMAC_SHA_256'] }
      : { KeyUsage: 'ENCRYPT_DECRYPT', EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] }),
  }
}
