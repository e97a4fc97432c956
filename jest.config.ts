import type { Config } from 'jest'

const config: Config = {
  testEnvironment: 'node',
  transform: {},
  extensionsToTreatAsEsm: ['.ts'],
  roots: ['<rootDir>/test'],
  maxWorkers: 2,
  testTimeout: 30_000,
  reporters: ['default', '<rootDir>/scripts/closing-line.mjs'],
}

export default config
