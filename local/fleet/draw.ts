import { createHash } from 'node:crypto'

/** A number from 0 up to, but not including, 1 that follows from what it is drawn for and from nothing else. */
export function draw(...purpose: readonly (string | number)[]): number {
  return createHash('sha256').update(purpose.join('/')).digest().readUInt32BE(0) / 2 ** 32
}
