/**
 * The runtime's time. Everything in `local/` that waits, waits on a clock, so that a rotation of two weeks can be
 * played in minutes and a test can move time by hand.
 */
export interface Clock {
  /** Milliseconds since the epoch. Never goes backwards. */
  now(): number
  /** Calls `wake` once, as soon as `now()` is at or past `timeMs`; returns a function that cancels it. */
  at(timeMs: number, wake: () => void): () => void
  /** Marks `work` as under way until it settles; a clock that skips idle time stands still meanwhile. */
  track<T>(work: Promise<T>): Promise<T>
  /** Asks `drain` before idle time is skipped: it does what is left to do and says whether there was anything. */
  beforeSkip(drain: () => Promise<boolean>): void
  /** Stops waking anybody. */
  stop(): void
}

export type ClockMode = { kind: 'real' } | { kind: 'factor'; factor: number } | { kind: 'skip-idle' }

/** The mode that `real`, `x<factor>` or `skip-idle` names; undefined for any other text. */
export function parseClockMode(text: string): ClockMode | undefined {
  if (text === 'real' || text === 'skip-idle') return { kind: text }
  const factor = Number(/^x(\d+(?:\.\d+)?)$/.exec(text)?.[1])
  return factor > 0 ? { kind: 'factor', factor } : undefined
}

/** A clock of the given mode that starts at `startMs`, by default the machine's time. */
export function startClock(mode: ClockMode, startMs = Date.now()): Clock {
  return mode.kind === 'skip-idle'
    ? skipIdleClock(startMs)
    : scaledClock(mode.kind === 'factor' ? mode.factor : 1, startMs)
}

interface Timer {
  readonly timeMs: number
  readonly wake: () => void
  isCancelled: boolean
}

/** Timers by time, earliest first; equal times in the order they were set. */
function timerQueue() {
  const heap: { timer: Timer; order: number }[] = []
  let order = 0
  const before = (a: number, b: number) => {
    const [x, y] = [heap[a], heap[b]]
    if (!x || !y) return false
    return x.timer.timeMs < y.timer.timeMs || (x.timer.timeMs === y.timer.timeMs && x.order < y.order)
  }
  const swap = (a: number, b: number) => {
    const [x, y] = [heap[a], heap[b]]
    if (x && y) [heap[a], heap[b]] = [y, x]
  }
  const sink = (start: number) => {
    for (let at = start; ; ) {
      const smaller = before(2 * at + 2, 2 * at + 1) ? 2 * at + 2 : 2 * at + 1
      if (!before(smaller, at)) return
      swap(smaller, at)
      at = smaller
    }
  }
  const pop = () => {
    swap(0, heap.length - 1)
    heap.pop()
    sink(0)
  }
  return {
    add(timer: Timer) {
      heap.push({ timer, order: order++ })
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1
        if (!before(at, parent)) return
        swap(at, parent)
        at = parent
      }
    },
    /** The earliest timer that still wants to be woken. */
    next(): Timer | undefined {
      while (heap[0]?.timer.isCancelled) pop()
      return heap[0]?.timer
    },
    takeDue(nowMs: number): Timer | undefined {
      const timer = this.next()
      if (!timer || timer.timeMs > nowMs) return undefined
      pop()
      return timer
    },
  }
}

function scaledClock(factor: number, startMs: number): Clock {
  const timers = timerQueue()
  const origin = performance.now()
  const now = () => Math.floor(startMs + (performance.now() - origin) * factor)
  let alarm: NodeJS.Timeout | undefined
  let isStopped = false

  const ring = () => {
    for (let timer = timers.takeDue(now()); timer && !isStopped; timer = timers.takeDue(now())) timer.wake()
    arm()
  }
  const arm = () => {
    clearTimeout(alarm)
    const next = timers.next()
    if (!next || isStopped) return
    const delayMs = Math.min(Math.max(0, (next.timeMs - now()) / factor), 2 ** 30)
    alarm = setTimeout(ring, Math.ceil(delayMs))
  }

  return {
    now,
    at(timeMs, wake) {
      const timer: Timer = { timeMs, wake, isCancelled: false }
      timers.add(timer)
      if (timers.next() === timer) arm()
      return () => {
        timer.isCancelled = true
      }
    },
    track: (work) => work,
    beforeSkip() {},
    stop() {
      isStopped = true
      clearTimeout(alarm)
    },
  }
}

function skipIdleClock(startMs: number): Clock {
  const timers = timerQueue()
  const drains: (() => Promise<boolean>)[] = []
  let nowMs = startMs
  let underWay = 0
  let isStopped = false
  let isLooking = false

  /** Runs every drain; true when one of them found something to do. */
  const drainAll = async () => {
    let didWork = false
    for (const drain of drains) if (await drain()) didWork = true
    return didWork
  }
  const ringDue = () => {
    for (let timer = timers.takeDue(nowMs); timer && !isStopped; timer = timers.takeDue(nowMs)) timer.wake()
  }
  /** Waits until the event loop has let everything that is ready run. */
  const settle = async () => {
    for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  const look = async () => {
    if (isLooking) return
    isLooking = true
    while (!isStopped) {
      ringDue()
      await settle()
      if (underWay > 0) break
      if (await drainAll()) continue
      if (underWay > 0) break
      const next = timers.next()
      if (!next) break
      nowMs = Math.max(nowMs, next.timeMs)
    }
    isLooking = false
  }
  const lookSoon = () => setImmediate(() => void look())

  return {
    now: () => nowMs,
    at(timeMs, wake) {
      const timer: Timer = { timeMs, wake, isCancelled: false }
      timers.add(timer)
      if (underWay === 0) lookSoon()
      return () => {
        timer.isCancelled = true
      }
    },
    track(work) {
      underWay++
      const done = () => {
        underWay--
        if (underWay === 0) lookSoon()
      }
      work.then(done, done)
      return work
    },
    beforeSkip(drain) {
      drains.push(drain)
    },
    stop() {
      isStopped = true
    },
  }
}
