/** Calls as often as that, with so many calls under way. */
export async function inParallel(call: () => Promise<void>, calls: number, underWay: number): Promise<void> {
  let left = calls
  const caller = async () => {
    while (left-- > 0) await call()
  }
  await Promise.all(Array.from({ length: underWay }, caller))
}
