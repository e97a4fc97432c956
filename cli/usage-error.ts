/** The command was given what it can't work with. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
