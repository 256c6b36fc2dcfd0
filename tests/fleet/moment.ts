/** Milliseconds since the machine started: all its processes say the same. */
export function moment(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
