import { globSync, readFileSync } from 'node:fs'
import { basename, join, normalize } from 'node:path'
import { describe, expect, test } from '@jest/globals'

/** The arrows: what the files of a folder may import of the project, besides each other. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  rules: ['domain'],
  store: ['domain'],
  functions: ['domain', 'rules', 'store'],
  infra: ['store/table.ts'],
  local: ['domain', 'rules', 'store', 'functions', 'infra'],
  cli: ['domain', 'rules', 'local'],
  console: ['domain'],
}

/** Folders that may import anything, and that none of the above may import. */
const outside = ['bench', 'scripts', 'test']

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const find = (pattern: string) => globSync(pattern, { cwd: root, exclude: ['node_modules', 'dist', 'cdk.out'] }).sort()

const importPattern = /^(?:import|export)\b[^'";]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm

/** What a file imports: packages by their names, files of the project by their paths from its root. */
const importsOf = (path: string) =>
  [...read(path).matchAll(importPattern)]
    .flatMap(([, from, effect, dynamic]) => from ?? effect ?? dynamic ?? [])
    .map((name) => (name.startsWith('.') ? normalize(join(path, '..', name)) : name))

const folderOf = (path: string) => path.split('/')[0] ?? ''
const folders = [...new Set(find('*/**/*.{ts,tsx}').map(folderOf))]

/** The imports of the files that `pattern` names which `isRefused` refuses, as sentences. */
const refused = (pattern: string, isRefused: (imported: string, importer: string) => boolean) =>
  find(pattern).flatMap((importer) =>
    importsOf(importer)
      .filter((imported) => isRefused(imported, importer))
      .map((imported) => `${importer} imports ${imported}`),
  )

test('every folder has its place among the arrows', () => {
  const places = [...Object.keys(mayImport), ...outside]

  expect(folders.filter((folder) => !places.includes(folder))).toEqual([])
})

test.each(Object.entries(mayImport))('%s imports nothing but itself and what its arrows reach: %j', (folder, reach) => {
  const mine = [folder, ...reach]
  const isElsewhere = (imported: string) =>
    [...folders, ...outside].includes(folderOf(imported)) &&
    !mine.some((each) => imported === each || imported.startsWith(`${each}/`))

  expect(refused(`${folder}/**/*.{ts,tsx}`, isElsewhere)).toEqual([])
})

test('the domain does no input or output', () => {
  const isImpure = (imported: string) =>
    (imported.startsWith('node:') && imported !== 'node:crypto') || imported.startsWith('@aws-sdk/')

  expect(refused('domain/**/*.ts', isImpure)).toEqual([])
})

test('only the stores, the app that connects them and the local runtime know DynamoDB', () => {
  const isDynamoDB = (imported: string, importer: string) =>
    /^(@aws-sdk\/(client|lib)-dynamodb|electrodb)/.test(imported) && importer !== 'functions/app.ts'

  expect(refused('{domain,rules,functions,infra,cli,console}/**/*.ts', isDynamoDB)).toEqual([])
})

test('the sources hold no folder for leftovers and no barrel', () => {
  const leftovers = find('*/**/{utils,helpers,common,types}/').concat(find('*/**/index.{ts,tsx}'))

  expect(leftovers).toEqual([])
})

describe('what is named in several places is named alike', () => {
  const pascalCase = (name: string) => name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())

  const constructs = find('infra/**/*.ts').flatMap((path) =>
    [...read(path).matchAll(/new RampartFunction\(\w+, '(\w+)', \{[^}]*?\bentry: '([\w/-]+)'/g)].map(
      ([, id, entry]) => ({
        id: id ?? '',
        entry: entry ?? '',
      }),
    ),
  )
  const entries = find('functions/*/*.ts').map((path) => path.slice('functions/'.length, -'.ts'.length))
  const definitions = find('state-machines/*.asl.json')

  test('infra has every function once, and each has its file', () => {
    expect(constructs.map(({ entry }) => entry).sort()).toEqual(entries)
  })

  test('a function is called in infra what its file is called', () => {
    for (const { id, entry } of constructs) expect(id).toBe(pascalCase(basename(entry)))
  })

  test('the tasks that state machines name are those in functions and infra', () => {
    const machines = definitions.map((path) => pascalCase(basename(path, '.asl.json')))
    const named = definitions.flatMap((path) => [...read(path).matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? ''))
    const tasks = entries.filter((entry) => entry.startsWith('tasks/')).map((entry) => pascalCase(basename(entry)))

    expect([...new Set(named)].filter((name) => !machines.includes(name)).sort()).toEqual(tasks.sort())
  })
})
