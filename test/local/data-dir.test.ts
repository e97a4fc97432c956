import { existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { claimDataDir, emptyDataDir } from '../../local/data-dir.ts'

const newPath = () => join(mkdtempSync(join(tmpdir(), 'rampart-')), 'data')

test('belongs to one process at a time, and to its owner alone', () => {
  const path = newPath()
  const first = claimDataDir(path)

  expect(() => claimDataDir(path)).toThrow(`A runtime is running on '${path}' (pid ${process.pid}); stop it`)
  expect(statSync(path).mode & 0o777).toBe(0o700)
  first.release()
  claimDataDir(path).release()
})

test('can be emptied of what a runtime keeps, but not of what is only derived from the sources', () => {
  const dataDir = claimDataDir(newPath())
  for (const name of ['dynamodb.sqlite', 'clock', 'cdk.digest']) writeFileSync(join(dataDir.path, name), '')

  emptyDataDir(dataDir)
  const isThere = (name: string) => existsSync(join(dataDir.path, name))
  expect(['dynamodb.sqlite', 'clock', 'cdk.digest'].map(isThere)).toEqual([false, false, true])
  expect(() => claimDataDir(dataDir.path)).toThrow('A runtime is running')
  dataDir.release()
})
