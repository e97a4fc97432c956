import type { AdminApi } from '../../local/fleet/admin-api.ts'
import type { Shell } from '../shell.ts'
import { progressView } from './progress-view.ts'
import { isOver, type Rotation, readRotation } from './rotation.ts'

/** Follows a rotation on the shell until it is over; where it was not completed, the exit code becomes 1. */
export async function watchRotation(api: AdminApi, rotationId: string, shell: Shell): Promise<Rotation> {
  const rotation = await follow(api, rotationId, { shell, wait: aSecond })
  if (rotation.status !== 'completed') shell.exitCode = 1
  return rotation
}

interface Following {
  readonly shell: Shell
  /** Resolves when it is time to look again. */
  readonly wait: () => Promise<void>
  /** The time to show beside a change, where the rotation's own clock is known. */
  readonly now?: () => string
}

/** Shows how a rotation moves, from now until it is over. */
export async function follow(api: AdminApi, rotationId: string, { shell, wait, now }: Following): Promise<Rotation> {
  const view = progressView(shell, now)
  try {
    for (;;) {
      const { body } = await readRotation(api, rotationId)
      view.show(body)
      if (isOver(body)) return body
      await wait()
    }
  } finally {
    view.end()
  }
}

const aSecond = () => new Promise<void>((resolve) => setTimeout(resolve, 1000))
