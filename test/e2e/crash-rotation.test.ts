import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { draw } from '../../local/fleet/draw.ts'
import { type Chapter, playStory, storyFleet } from '../support/fleet-story.ts'
import { patientOperator } from '../support/patient-operator.ts'
import { newDataDir, type RuntimeProcess, startProcess, workDone } from '../support/runtime-process.ts'
import { type StoryEnd, storyEnd } from '../support/story-end.ts'

/** When the runtime is killed: once it has done so much work, or so soon after its start. */
type Moment = { readonly afterWork: number } | { readonly afterMs: number }

const options = ['--port', '0', '--clock', 'skip-idle', '--restarts', 'daily']
const fleet = ['--fleet', String(storyFleet.size), '--seed', String(storyFleet.seed)]
const start = (dataDir: string) => startProcess(dataDir, [...options, ...fleet])

test('a story ends the same however often the runtime was killed', async () => {
  const undisturbed = await play([])
  process.stderr.write(`${undisturbed.work}\n`)
  const disturbed = await play(moments(undisturbed.work))

  expect(disturbed.end.stored).toEqual(undisturbed.end.stored)
}, 600_000)

/** 20 moments that follow from the seed: most spread over all the work, some while the runtime starts. */
function moments(work: number): Moment[] {
  return Array.from({ length: 20 }, (_, index): Moment => {
    const at = draw(storyFleet.seed, 'moment', index)
    return index % 4 === 3 ? { afterMs: 1500 * at } : { afterWork: Math.round((work * (index + at)) / 20) }
  })
}

/** Plays the story on a runtime that is killed at those moments, and started again at once. */
async function play(kills: readonly Moment[]) {
  const dataDir = await newDataDir()
  const t0 = performance.now()
  const operator = patientOperator(dataDir)
  const killedIn: Chapter[] = []
  let chapter: Chapter = 'set-up'
  let running = start(dataDir)
  const fate = (async () => {
    for (const moment of kills) {
      await reached(moment, dataDir)
      killedIn.push(chapter)
      process.stderr.write(`kill ${JSON.stringify(moment)} ${chapter} ${Math.round(performance.now() - t0)} work ${workDone(dataDir)}\n`)
      await running.end('SIGKILL')
      running = start(dataDir)
    }
  })()
  await playStory(operator, (next) => {
    chapter = next
    process.stderr.write(`${next} ${Math.round(performance.now() - t0)} work ${workDone(dataDir)}\n`)
  })
  await fate
  const work = workDone(dataDir)
  const end = await storyEnd(operator, dataDir)
  process.stderr.write(`end ${Math.round(performance.now() - t0)}\n`)
  expect(await running.end('SIGTERM')).toBe(0)
  return { end, work, killedIn }
}

async function reached(moment: Moment, dataDir: string): Promise<void> {
  if ('afterMs' in moment) await pause(moment.afterMs)
  else while (workDone(dataDir) < moment.afterWork) await pause(5)
}
