import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect } from '@jest/globals'
import { draw } from '../../local/fleet/draw.ts'
import { type Chapter, playStory, storyFleet } from '../support/fleet-story.ts'
import { patientOperator } from '../support/patient-operator.ts'
import { newDataDir, type RuntimeProcess, startProcess, testWithProcess, workDone } from '../support/runtime-process.ts'
import { type ExecutionEvent, type ShownDevice, storyEnd } from '../support/story-end.ts'
import { watchDevices } from '../support/watch-devices.ts'

/** When the runtime is killed: once it has done so much work, or so soon after its start. */
type Moment = { readonly afterWork: number } | { readonly afterMs: number }

const running = new Set<RuntimeProcess>()

const over = new AbortController()

afterEach(async () => {
  over.abort()
  for (const each of running) await each.end('SIGKILL')
})

testWithProcess(
  'a fleet ends up the same whether its runtime was killed 20 times, anywhere in two rotations, or never',
  async () => {
    const dataDirs = [await newDataDir(), await newDataDir()] as const
    const [undisturbed, disturbed] = await Promise.all([play(dataDirs[0], []), play(dataDirs[1], moments())])

    expect(new Set(disturbed.killedIn)).toEqual(new Set(['set-up', 'bad package', 'good package']))
    expect(disturbed.end.stored).toEqual(undisturbed.end.stored)
    expect(disturbed.end.effective).toEqual(undisturbed.end.effective)
    expect(statesEntered(disturbed.end.histories)).toEqual(statesEntered(undisturbed.end.histories))
    for (const { end, sightings } of [undisturbed, disturbed]) {
      Object.values(end.histories).forEach(expectCoherent)
      expect(sightings.length).toBeGreaterThan(storyFleet.size)
      expect(sightings.filter(({ effective }) => !hasOnePackage(effective))).toEqual([])
    }
  },
  400_000,
)

/** Another seed kills at other moments. */
const seed = Number(process.env.RAMPART_CRASH_SEED ?? 1)

/** 20 moments that follow from the seed: most spread over all the work, every fourth while the runtime starts. */
function moments(): Moment[] {
  return Array.from({ length: 20 }, (_, index): Moment => {
    const at = draw(seed, 'moment', index)
    return index % 4 === 3 ? { afterMs: 1500 * at } : { afterWork: Math.round((storyFleet.work * (index + at)) / 20) }
  })
}

/** Plays the story on a runtime that is killed at those moments, and started again at once. */
async function play(dataDir: string, kills: readonly Moment[]) {
  const operator = patientOperator(dataDir, over.signal)
  const killedIn: Chapter[] = []
  let chapter: Chapter = 'set-up'
  let current = start(dataDir)

  const fate = async () => {
    for (const moment of kills) {
      await reached(moment, dataDir)
      killedIn.push(chapter)
      await current.end('SIGKILL')
      running.delete(current)
      current = start(dataDir)
    }
  }
  const open = (next: Chapter) => {
    chapter = next
  }
  const [sightings] = await Promise.all([watchDevices(operator, () => chapter), playStory(operator, open), fate()])
  const end = await storyEnd(operator, dataDir)
  expect(await current.end('SIGTERM')).toBe(0)
  return { end, killedIn, sightings }
}

function start(dataDir: string): RuntimeProcess {
  const fleet = ['--fleet', String(storyFleet.size), '--seed', String(storyFleet.seed), '--restarts', 'daily']
  const started = startProcess(dataDir, ['--port', '0', '--clock', 'skip-idle', ...fleet])
  running.add(started)
  return started
}

async function reached(moment: Moment, dataDir: string): Promise<void> {
  if ('afterMs' in moment) await pause(moment.afterMs, undefined, over)
  else while (workDone(dataDir) < moment.afterWork) await pause(5, undefined, over)
}

const hasOnePackage = ({ package: { status }, policyIds }: ShownDevice['effective']) =>
  status === 'effective' && policyIds.length === 1

type Histories = Readonly<Record<string, readonly ExecutionEvent[]>>

/** The states of every execution in the order in which they were entered, and how it ended. */
function statesEntered(histories: Histories) {
  return Object.entries(histories).map(([executionId, events]) => {
    const entered = events.filter(({ type }) => type.endsWith('StateEntered')).map(({ details }) => details?.name)
    return { executionId, entered, end: events.at(-1)?.type }
  })
}

/** Every event once, in order, after its predecessor, at a time not before it; every state left as often as entered. */
function expectCoherent(events: readonly ExecutionEvent[]): void {
  const count = (suffix: string) => events.filter(({ type }) => type.endsWith(suffix)).length
  const times = events.map(({ timestamp }) => timestamp)
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1))
  expect(events.filter(({ id, previousEventId }) => previousEventId >= id)).toEqual([])
  expect(times).toEqual(times.toSorted())
  expect(count('StateExited')).toBe(count('StateEntered'))
  expect(count('TaskSucceeded')).toBe(count('TaskStateEntered'))
  expect(count('ExecutionSucceeded')).toBe(1)
}
