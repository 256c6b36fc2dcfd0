import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

const root = join(import.meta.dirname, '../..')

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly nodeArguments?: readonly string[]
  /** Milliseconds. Default 20,000. */
  readonly timeout?: number
}

/**
 * Runs a module in plain Node, and answers what it printed. Its folder is the root of the package, so that
 * `import 'everbearer'` finds what was built. Throws what Node wrote when it fails, or takes too long.
 */
export async function runModule(
  code: string,
  { env = {}, nodeArguments = [], timeout = 20_000 }: RunOptions = {},
): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', ...nodeArguments], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...env },
    timeout,
    killSignal: 'SIGKILL',
  })
  child.stdin.end(code)
  const [output, complaints, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  if (status !== 0) throw new Error(`The module ended with status ${String(status)}:\n${complaints}`)
  return output
}
