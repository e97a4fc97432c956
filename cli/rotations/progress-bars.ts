import { MultiBar, Presets, type SingleBar } from 'cli-progress'
import { words } from '../words.ts'
import type { ProgressView } from './progress-view.ts'
import { isOver, type Rotation } from './rotation.ts'
import { waveProgress } from './wave-progress.ts'

/** One bar for each wave on a terminal, below a line that says how the rotation stands. */
export function progressBars(stream: NodeJS.WritableStream, now?: () => string): ProgressView {
  const bars = new MultiBar({ ...layout, stream }, Presets.shades_classic)
  const head = bars.create(1, 0, { text: '' }, { format: '{text}' })
  const byWave = new Map<string, SingleBar>()
  return {
    show(rotation) {
      head.update(0, { text: headline(rotation, now) })
      for (const wave of rotation.waves) {
        const { name, decided, devices, detail } = waveProgress(wave)
        const bar = byWave.get(name) ?? bars.create(1, 0, { name: name.padEnd(16) })
        byWave.set(name, bar)
        bar.setTotal(Math.max(1, devices))
        bar.update(decided, { share: `${decided}/${devices}`, detail })
      }
      if (isOver(rotation)) bars.update()
    },
    end: () => bars.stop(),
  }
}

const layout = {
  format: '  {name} {bar} {share}  {detail}',
  barsize: 24,
  hideCursor: true,
  clearOnComplete: false,
  forceRedraw: true,
}

function headline({ name, status, stateReason, waitingFor }: Rotation, now?: () => string): string {
  const why = waitingFor ? waitingFor.cause : stateReason
  const sentence = `${name} is ${words(status)}: ${why}`
  return now ? `${now()}  ${sentence}` : sentence
}
