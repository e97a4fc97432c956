import type { Shell } from '../shell.ts'
import { changes } from './changes.ts'
import { progressBars } from './progress-bars.ts'
import type { Rotation } from './rotation.ts'

/** Shows how a rotation moves while it does. */
export interface ProgressView {
  show(rotation: Rotation): void
  end(): void
}

/** Bars where a terminal is watched, and else one line for each change; `now` is the time to set before a line. */
export function progressView(shell: Pick<Shell, 'screen' | 'tell'>, now?: () => string): ProgressView {
  return shell.screen ? progressBars(shell.screen, now) : progressLines(shell, now)
}

function progressLines(shell: Pick<Shell, 'tell'>, now?: () => string): ProgressView {
  let before: Rotation | undefined
  return {
    show(rotation) {
      for (const line of changes(before, rotation)) shell.tell(now ? `${now()}  ${line}` : line)
      before = rotation
    },
    end() {},
  }
}
