import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { synthesize } from '../../../local/template/synthesize.ts'

/** A project whose app only notes how it was run. */
function aProject(app: string) {
  const projectDir = mkdtempSync(join(tmpdir(), 'rampart-'))
  mkdirSync(join(projectDir, 'infra'))
  writeFileSync(join(projectDir, 'infra/app.ts'), app)
  return { projectDir, dataDir: mkdtempSync(join(tmpdir(), 'rampart-')) }
}

const noteRun = `
import { mkdirSync, appendFileSync } from 'node:fs'
mkdirSync(process.env.CDK_OUTDIR, { recursive: true })
appendFileSync('runs', process.env.CDK_CONTEXT_JSON + process.env.CDK_VALIDATION + '\\n')
`

test('synthesizes without bundles and validation, and only when something has changed', async () => {
  const project = aProject(noteRun)
  const runs = () => readFileSync(join(project.projectDir, 'runs'), 'utf8').trim().split('\n')

  const assemblyDir = await synthesize(project)
  await synthesize(project)
  expect(assemblyDir).toBe(join(project.dataDir, 'cdk.out'))
  expect(runs()).toEqual(['{"bundles":"none"}false'])
  writeFileSync(join(project.projectDir, 'infra/stack.ts'), '')
  await synthesize(project)
  expect(runs()).toHaveLength(2)
})

test('says why an app can not be synthesized, and tries again the next time', async () => {
  const project = aProject("throw new Error('Bucket has no name')")

  await expect(synthesize(project)).rejects.toThrow('Bucket has no name')
  await expect(synthesize(project)).rejects.toThrow('could not be synthesized')
})
