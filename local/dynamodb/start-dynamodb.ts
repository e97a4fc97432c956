import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { findDynoxide } from './dynoxide.ts'
import { freePort } from './free-port.ts'
import { indexStreams } from './index-streams.ts'

/** A DynamoDB endpoint that answers. */
export interface Dynamodb {
  readonly endpoint: string
  /** Ends the process, if one was started. Every write that it acknowledged stays. */
  stop(): Promise<void>
}

/**
 * Stands between this process and the database: it kills the database when the pipe from here closes, which the
 * operating system sees to however this process ends. So no orphan is left that holds the file.
 */
const guard = `umask 077; exec 3<&0
"$@" 3<&- </dev/null & database=$!
(read -r line <&3; kill -KILL $database) 2>/dev/null & watch=$!
wait $database; ended=$?
kill $watch 2>/dev/null; exit $ended`

/**
 * Starts Dynoxide with its file under `dataDir`, on a free loopback port; it answers when this resolves. Should it
 * crash, it is started again on the same port. With `endpoint` (by default what the environment variable
 * `RAMPART_DYNAMODB_ENDPOINT` says) nothing is started and that one is used.
 */
export async function startDynamodb({
  dataDir,
  endpoint = process.env.RAMPART_DYNAMODB_ENDPOINT,
}: {
  dataDir: string
  endpoint?: string | undefined
}): Promise<Dynamodb> {
  if (endpoint) return { endpoint, stop: async () => {} }
  const binary = findDynoxide()
  const port = await freePort()
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const databasePath = join(dataDir, 'dynamodb.sqlite')
  const stop = await keepRunning(() => launch(binary, port, databasePath))
  indexStreams(databasePath)
  return { endpoint: `http://127.0.0.1:${port}`, stop }
}

/** Runs what `start` starts until the returned function is called. */
async function keepRunning(start: () => ReturnType<typeof launch>): Promise<() => Promise<void>> {
  let running = start()
  let isStopping = false
  await running

  const restartOnExit = async () => {
    while (!isStopping) {
      await (await running).ended
      if (!isStopping) running = start()
    }
  }
  const ended = restartOnExit()
  return async () => {
    isStopping = true
    const { end } = await running
    end()
    await ended
  }
}

/** Resolves when the database says that it listens; what it says goes to a log beside the file. */
async function launch(binary: string, port: number, databasePath: string) {
  const command = [binary, 'serve', '--port', String(port), '--db-path', databasePath]
  // Detached, so that Ctrl-C in a terminal ends this process first, which may still have something to write.
  const child = spawn('sh', ['-c', guard, 'sh', ...command], { detached: true })
  const ended = once(child, 'exit')
  const speaks = once(child.stderr, 'data').then(([text]) => String(text))
  child.stderr.pipe(createWriteStream(`${databasePath}.log`, { flags: 'a', mode: 0o600 }))
  const firstWords = await Promise.race([speaks, ended.then(() => 'nothing')])
  if (!firstWords.includes('listening on')) {
    throw new Error(`Dynoxide did not start on port ${port}; it said: ${firstWords.trim()}`)
  }
  return { ended, end: () => child.stdin.end() }
}
