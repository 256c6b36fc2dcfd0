// Threads, child processes and workers of a cluster that share the tokens of one session: `node tools/run.mjs
// tests/workers/main.ts file 4`, or with `redis`. Prints what came of it.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { RedisServer } from '../redis/redis-server.js'
import { callForever } from '../rotation/refresher.js'
import type { Errand } from '../rotation/refresher.js'
import { mix } from './mixture.js'

const [what = '', seconds = '4'] = process.argv.slice(2)
if (what.startsWith('{')) await callForever(JSON.parse(what) as Errand)
else await main()

async function main(): Promise<void> {
  const program = fileURLToPath(import.meta.url)
  if (what === 'redis') {
    const server = await RedisServer.start()
    const encryptionKey = randomBytes(32).toString('base64')
    console.log(JSON.stringify(await mix({ redisUrl: server.url, encryptionKey }, Number(seconds), program)))
    await server.remove()
  } else {
    const directory = mkdtempSync(join(tmpdir(), 'everbearer-workers-'))
    console.log(JSON.stringify(await mix(directory, Number(seconds), program)))
    rmSync(directory, { recursive: true })
  }
  process.exit()
}
