import { describe, expect, test } from '@jest/globals'
import { rampart } from './scripted-shell.ts'

describe('the command line', () => {
  test.each([
    [['--help'], 'Usage: rampart [options] [command]'],
    [['rotations', '--help'], 'Usage: rampart rotations [options] [command]'],
    [['rotations', 'start', '--help'], '--validation-group <group>'],
    [['packages', 'create', '--help'], '--output <format>'],
  ])('explains itself at %j', async (args, expected) => {
    const { exitCode, printed } = await rampart(args)

    expect(exitCode).toBe(0)
    expect(printed).toContain(expected)
  })

  test.each([
    [['frobnicate'], "unknown command 'frobnicate'"],
    [['rotations'], 'Usage: rampart rotations'],
    [['overview', '--output', 'xml'], 'Allowed choices are text, json'],
    [['rotations', 'abort', 'one'], "required option '--reason <text>' not specified"],
    [['policies', 'list', '--limit', 'many'], 'expected a whole number, 0 or more'],
    [['overview'], 'No runtime is running here; start one with npm start, or name one by --endpoint'],
    [['overview', '--endpoint', 'http://127.0.0.1:1'], 'name one by --token or RAMPART_TOKEN'],
    [['demo', '--fleet', '10'], "A fleet of '10' devices shows too little; expected 100 or more"],
  ])('refuses %j as wrong usage', async (args, expected) => {
    const { exitCode, printed, told } = await rampart(args)

    expect({ exitCode, printed }).toEqual({ exitCode: 2, printed: '' })
    expect(told).toContain(expected)
  })

  test('fails where the API cannot be reached, and says which and why', async () => {
    const { exitCode, told } = await rampart(['overview', '--endpoint', 'http://127.0.0.1:1', '--token', 'any'])

    expect(exitCode).toBe(3)
    expect(told).toContain("Rampart can't be reached at 'http://127.0.0.1:1'")
  })
})
