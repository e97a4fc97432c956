/** Runs `work`; where the environment variable `RAMPART_TIMINGS` is set, says on stderr how long it took. */
export async function timed<T>(phase: string, work: () => Promise<T> | T): Promise<T> {
  const startMs = performance.now()
  const result = await work()
  if (process.env.RAMPART_TIMINGS) process.stderr.write(`${phase} ${Math.round(performance.now() - startMs)} ms\n`)
  return result
}
