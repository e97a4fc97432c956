import { NotFoundError, RefusedError, StaleRevisionError } from '../domain/errors.ts'

/** Nothing of that kind and name is kept. */
export function isUnknown(kind: string, id: string): NotFoundError {
  return new NotFoundError(`No ${kind} is named '${id}'`)
}

/** What should be created is there already. */
export function existsAlready(kind: string, id: string): RefusedError {
  return new RefusedError(`A ${kind} named '${id}' exists already`)
}

/** The record is not at the revision that a change was decided on. */
export function isStale(kind: string, id: string, revision: number): StaleRevisionError {
  return new StaleRevisionError(`The ${kind} '${id}' is no longer at revision ${revision}; read it again and retry`)
}
