import { isObject, parseJson } from '../json.ts'
import type { Diagnostic, Machine, State } from './machine.ts'
import { checkLanguage, readBranch } from './read-branch.ts'
import { readerOf } from './reader.ts'
import { checkVariables } from './variables.ts'

/** Reads a definition: the machine it describes, or everything that is wrong with it. */
export function readMachine(definition: string): { machine?: Machine; diagnostics: readonly Diagnostic[] } {
  const value = parseJson(definition)
  if (!isObject(value)) return { diagnostics: [notAnObject] }
  const diagnostics: Diagnostic[] = []
  const reader = readerOf(value, '', diagnostics)
  reader.allowOnly(['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version'])
  const language = reader.text('QueryLanguage')
  if (language !== undefined) checkLanguage(language, reader.problem)
  if (reader.has('Version') && reader.text('Version') !== '1.0') reader.problem(`Expected value '1.0'`, 'Version')

  const states = new Map<string, State>()
  const startAt = readBranch(reader, { states, hasDefaultLanguage: language === 'JSONata' })
  const timeoutSeconds = reader.number('TimeoutSeconds', { min: 1, max: 99_999_999 })
  checkVariables(states, startAt, reader.problem)
  if (diagnostics.length > 0) return { diagnostics }
  return { machine: { startAt, states, ...(timeoutSeconds !== undefined && { timeoutSeconds }) }, diagnostics }
}

const notAnObject: Diagnostic = {
  code: 'INVALID_JSON_DESCRIPTION',
  message: 'The definition is not a JSON object',
  location: '/',
}
