import { expect, test } from '@jest/globals'
import { startClock } from '../../../local/clock.ts'
import { type SchedulesOptions, startSchedules } from '../../../local/schedules/schedules.ts'

const startMs = Date.parse('2026-11-20T13:07:00Z')

/** Runs one hourly schedule until `count` runs have been noticed; returns the events of its function. */
function runsOf(count: number, changes: Partial<SchedulesOptions> & { input?: string } = {}): Promise<unknown[]> {
  const clock = startClock({ kind: 'skip-idle' }, startMs)
  const noticed: unknown[] = []
  return new Promise((resolve) => {
    const notice = (event: unknown) => {
      noticed.push(event)
      if (noticed.length < count) return
      end()
      clock.stop()
      resolve(noticed)
    }
    const end = startSchedules({
      schedules: [
        {
          name: 'Hourly',
          arn: 'arn:schedule',
          expression: 'rate(1 hour)',
          timeZone: 'UTC',
          functionArn: 'arn:function',
          roleArn: 'arn:role',
          input: changes.input,
        },
      ],
      clock,
      async invoke(_, event) {
        notice(event)
        return { kind: 'success', payload: null, requestId: 'r1' }
      },
      authorize: () => ({ isAllowed: true, message: '' }),
      log: { write() {}, problem: (message, error) => notice(`${message}: ${String(error)}`), close: async () => {} },
      ...changes,
    })
  })
}

test('calls the function whenever the schedule is due, with the time that it was due at', async () => {
  const events = await runsOf(3)

  expect(events).toMatchObject([
    { source: 'aws.scheduler', time: '2026-11-20T14:00:00Z', resources: ['arn:schedule'] },
    { time: '2026-11-20T15:00:00Z' },
    { time: '2026-11-20T16:00:00Z' },
  ])
})

test("fills the schedule's context into the input of the template", async () => {
  const events = await runsOf(1, { input: '{"at":"<aws.scheduler.scheduled-time>","kind":"<aws.other>"}' })

  expect(events).toEqual([{ at: '2026-11-20T14:00:00Z', kind: '<aws.other>' }])
})

test('does not call a function that its role may not invoke, and says so', async () => {
  const authorize = () => ({ isAllowed: false, message: 'not authorized' })

  expect(await runsOf(1, { authorize })).toEqual(["Schedule 'Hourly' may not invoke its function: not authorized"])
})
