import { afterAll } from '@jest/globals'
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Dispatcher } from 'undici'
import type * as undici from 'undici'
import * as undici6 from 'undici6'

const require = createRequire(import.meta.url)

/** What the tests use of a copy of undici. Its classes are other classes than those of `import 'undici'`. */
export interface OtherUndici {
  readonly Agent: new (options?: object) => Dispatcher
  readonly EnvHttpProxyAgent: new (options?: object) => Dispatcher
  readonly MockAgent: new () => undici.MockAgent
  readonly ProxyAgent: new (uri: string) => Dispatcher
  readonly setGlobalDispatcher: (dispatcher: object) => void
  readonly getGlobalDispatcher: () => Dispatcher
}

/** undici 6, whose handlers have `onConnect` and its like. */
export const older = undici6 as unknown as OtherUndici

/** A second copy of the undici that is installed. */
export const copy: OtherUndici = loadCopy()

function loadCopy(): OtherUndici {
  const folder = mkdtempSync(join(tmpdir(), 'everbearer-undici-'))
  cpSync(realpathSync(dirname(require.resolve('undici'))), folder, { recursive: true })
  // It loads some of its files late.
  afterAll(() => rmSync(folder, { recursive: true }))
  return require(join(folder, 'index.js')) as OtherUndici
}
