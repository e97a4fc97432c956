/** An onboarding package as administrators see it. Its content is a secret that only devices receive. */
export interface OnboardingPackage {
  readonly tenantId: string
  readonly packageId: string
  readonly name: string
  readonly kind: 'onboard' | 'offboard'
  readonly platform: 'windows'
  /** The organisation that a device joins with it; from the package itself. */
  readonly organisationId: string
  /** A keyed digest of the content: equal content, equal fingerprint; says nothing about the content. */
  readonly fingerprint: string
  /** Offboarding packages expire; onboarding packages do not. */
  readonly expiresAt?: string | undefined
  readonly createdAt: string
}

/** A package's content, encrypted: AES-256-GCM under a data key that the key service has sealed. All base64. */
export interface SealedContent {
  readonly sealedDataKey: string
  readonly initializationVector: string
  readonly ciphertext: string
  readonly authenticationTag: string
}
