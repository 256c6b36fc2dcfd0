import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import PQueue from 'p-queue'
import { codeBlocks } from '../docs/code-blocks.js'
import { runModule } from '../docs/run-module.js'
import type { Hit } from '../http/loopback.js'
import { events, graphql, mcp, news, openai, things } from './apis.js'
import { startShortLivedTokens } from './short-lived-tokens.js'
import type { Api } from './short-lived-tokens.js'

const docs = join(import.meta.dirname, '../../docs/clients')
const pages = readdirSync(docs).flatMap((page) =>
  codeBlocks(readFileSync(join(docs, page), 'utf8'), 'js').map(({ line, code }) => ({ page, line, code })),
)

interface Expected {
  readonly api: () => Api | Promise<Api>
  /** What the code prints. */
  readonly printed: string
}

const THINGS: Expected = { api: () => things, printed: "[ { name: 'the first thing' } ]\n{ name: 'a thing' }\n" }

const EXPECTED: Readonly<Record<string, Expected>> = {
  'axios.md': THINGS,
  'built-in-fetch.md': THINGS,
  'event-source.md': { api: () => events, printed: '1 event 1\n2 event 2\n3 event 3\n' },
  'graphql-request.md': {
    api: () => graphql,
    printed: "{ things: [ { name: 'the first thing' } ] }\n{ addThing: { name: 'a thing' } }\n",
  },
  'ky.md': THINGS,
  'mcp.md': { api: mcp, printed: "[ 'add' ]\n[ { type: 'text', text: '3' } ]\n" },
  'node-http.md': THINGS,
  'ofetch.md': THINGS,
  'openai.md': { api: () => openai, printed: 'a-model\nSay\nthis\nis\na\ntest.\n' },
  'openapi-fetch.md': THINGS,
  'websocket.md': { api: news, printed: 'news 1\nnews 2\nnews 3\n' },
}

describe('the code of a page outlives a token that expires and one that is revoked, as it stands', () => {
  let runs: ReturnType<typeof run>[]
  // It mostly waits for its first token to expire.
  const queue = new PQueue({ concurrency: 5 })
  beforeAll(() => {
    runs = pages.map((page) => queue.add(() => run(page)))
    for (const run of runs) run.catch(() => undefined)
  })
  afterAll(() => queue.onIdle())

  test('each page but the index has some', () => {
    expect([...new Set(pages.map(({ page }) => page))]).toEqual(Object.keys(EXPECTED))
  })

  test.each(pages.map((page, index) => ({ ...page, index })))('$page, line $line', async ({ page, index }) => {
    const { printed, issuedAt, hits, refused } = await runs[index]!
    expect(printed).toBe(EXPECTED[page]?.printed)
    expect(issuedAt.size).toBe(3)
    expect(tokensOf(hits)).toEqual(['t1', 't2', 't3'])
    // What was refused came again, and whole.
    expect(tokensOf(refused)).toEqual(['t2'])
    const replayed = hits.filter(({ authorization }) => authorization.includes('Bearer t3')).map(requestOf)
    expect(replayed).toEqual(expect.arrayContaining(refused.map(requestOf)))
  })
})

async function run({ page, code }: { page: string; code: string }) {
  const server = await startShortLivedTokens(await EXPECTED[page]!.api())
  try {
    return { ...server, printed: await runModule(code, server) }
  } finally {
    server.close()
  }
}

/** Each once, in the order in which they came. */
function tokensOf(hits: readonly Hit[]): string[] {
  return [...new Set(hits.map(({ authorization }) => authorization.join(' & ').replaceAll('Bearer ', '')))]
}

function requestOf({ method, path, headers, body }: Hit) {
  return { method, path, type: headers['content-type'], length: headers['content-length'], body: String(body) }
}
