import { InvalidArgumentError } from 'commander'

/** The whole number, 0 or more, that an option was given. */
export function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError(`expected a whole number, 0 or more`)
}

/** The number, 0 or more, that an option was given. */
export function decimal(text: string): number {
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text)) return Number(text)
  throw new InvalidArgumentError(`expected a number, 0 or more`)
}
