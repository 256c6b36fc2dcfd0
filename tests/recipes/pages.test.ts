import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import PQueue from 'p-queue'
import { codeBlocks } from '../docs/code-blocks.js'
import { runModule } from '../docs/run-module.js'
import { startVendor } from './vendor.js'
import type { Vendor } from './vendor.js'
import { VENDORS } from './vendors.js'

const docs = join(import.meta.dirname, '../../docs/recipes')
const read = (page: string) => readFileSync(join(docs, page), 'utf8')
const recipes = readdirSync(docs).flatMap((page) =>
  codeBlocks(read(page), 'js').map(({ line, code }) => ({ page: page as keyof typeof VENDORS, line, code })),
)

/** What the code prints, block by block. */
const PRINTED: Readonly<Record<keyof typeof VENDORS, readonly string[]>> = {
  'auth0.md': ["[ { name: 'the first thing' } ]\n"],
  'github-apps.md': ['1\n'],
  'google.md': ["[ { name: 'a bucket' } ]\n"],
  'keycloak.md': ["[ { name: 'the first thing' } ]\n"],
  'okta.md': ["[ { name: 'the first thing' } ]\n"],
  'paypal.md': ['CREATED\n'],
  'salesforce.md': ["[ { Name: 'Acme' } ]\n"],
  'spotify.md': ['Band of Horses\n', 'Ada\n'],
  'zoom.md': ["[ { email: 'ada@acme.com' } ]\n"],
}

describe('the code of a recipe gets along with its vendor as it stands, and with a token that the vendor revokes', () => {
  let runs: ReturnType<typeof run>[]
  const queue = new PQueue({ concurrency: 3 })
  beforeAll(() => {
    runs = recipes.map((recipe) => queue.add(() => run(recipe)))
    for (const run of runs) run.catch(() => undefined)
  })
  afterAll(() => queue.onIdle())

  test('each page but the index has some', () => {
    expect([...new Set(recipes.map(({ page }) => page))]).toEqual(Object.keys(PRINTED))
  })

  test.each(recipes.map((recipe, index) => ({ ...recipe, index })))('$page, line $line', async ({ page, index }) => {
    const { printed, tokenRequests, apiRequests } = await runs[index]!
    expect(PRINTED[page]).toContain(printed)
    expect(tokenRequests).toHaveLength(2)
    const [refused, replayed] = apiRequests.map(({ method, url, body }) => ({ method, url, body }))
    expect(apiRequests).toHaveLength(2)
    expect(replayed).toEqual(refused)
  })
})

async function run({ page, code }: { page: keyof typeof VENDORS; code: string }) {
  const vendor: Vendor = VENDORS[page]()
  const server = await startVendor(vendor)
  try {
    return { ...server, printed: await runModule(code, server) }
  } finally {
    server.close()
  }
}
