import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { findRuntime } from '../../cli/find-runtime.ts'

let workingDirectory: string
beforeEach(() => {
  workingDirectory = mkdtempSync(join(tmpdir(), 'find-runtime-'))
  mkdirSync(join(workingDirectory, '.rampart'))
})
afterEach(() => rmSync(workingDirectory, { recursive: true }))

const runs = (text: string) => writeFileSync(join(workingDirectory, '.rampart', 'runtime.json'), text)
const environment = { RAMPART_ENDPOINT: 'http://environment', RAMPART_TOKEN: 'of environment' }
const runtime = JSON.stringify({ endpoint: 'http://runtime', adminToken: 'of runtime', pid: 1 })

describe('the API that a command speaks to', () => {
  test('is the one that its options name', () => {
    runs(runtime)
    const options = { endpoint: 'http://option', token: 'of option' }

    expect(findRuntime(options, { environment, workingDirectory })).toEqual(options)
  })

  test('is else the one that the environment names', () => {
    runs(runtime)

    expect(findRuntime({}, { environment, workingDirectory })).toEqual({
      endpoint: 'http://environment',
      token: 'of environment',
    })
  })

  test('is else the runtime that was started here, whose token serves another address of it too', () => {
    runs(runtime)

    expect(findRuntime({ endpoint: 'http://option' }, { environment: {}, workingDirectory })).toEqual({
      endpoint: 'http://option',
      token: 'of runtime',
    })
  })

  test.each(['', '{}', '{"endpoint":1}'])('is unknown where the runtime file holds %j', (text) => {
    runs(text)

    expect(() => findRuntime({}, { environment: {}, workingDirectory })).toThrow('does not tell where a runtime is')
  })
})
