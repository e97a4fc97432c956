/** Runs work side by side, but never more than `count` pieces at once; the rest waits in line. */
export function lanes(count: number): <T>(work: () => Promise<T>) => Promise<T> {
  const line: (() => void)[] = []
  let free = count

  const enter = () =>
    new Promise<void>((resolve) => {
      if (free === 0) return line.push(resolve)
      free--
      resolve()
    })
  const leave = () => {
    const next = line.shift()
    if (next) next()
    else free++
  }
  return async (work) => {
    await enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
