/** What a parent asks of a process that measures itself. */
export interface Work {
  readonly method: 'GET' | 'POST'
  readonly requests: number
}

/** Microseconds that the process was on a processor, garbage collection included, and that went by. */
export interface Cost {
  readonly cpu: number
  readonly wall: number
}

/** Does it, and says what this process paid for it. */
export async function costOf(work: () => Promise<void>): Promise<Cost> {
  const start = process.hrtime.bigint()
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return { cpu: user + system, wall: Number(process.hrtime.bigint() - start) / 1000 }
}
