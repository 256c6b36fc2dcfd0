import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
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
  'entra-id.md': ["[ { displayName: 'Ada' } ]\n"],
  'github-apps.md': ['1\n'],
  'google.md': ["[ { name: 'a bucket' } ]\n"],
  'keycloak.md': ["[ { name: 'the first thing' } ]\n"],
  'okta.md': ["[ { name: 'the first thing' } ]\n"],
  'paypal.md': ['CREATED\n'],
  'salesforce.md': ["[ { Name: 'Acme' } ]\n"],
  'spotify.md': ['Band of Horses\n', 'Ada\n'],
  'zoom.md': ["[ { email: 'ada@acme.com' } ]\n"],
}

const DENIED = "code: 'token_denied'"

/** What a page says of a mistake: the mistake, and how the error shows it. */
const MISTAKES: readonly [page: keyof typeof VENDORS, right: string, wrong: string, shown: readonly string[]][] = [
  ['auth0.md', "'https://things.acme.com/'", "'https://things.acme.com'", [DENIED, "'access_denied'", 'status: 403']],
  ['entra-id.md', '/.default', '/User.Read.All', [DENIED, "'invalid_scope'", 'AADSTS70011']],
  ['github-apps.md', "'user-agent': app", '', ["code: 'token_endpoint_failed'", 'status: 403']],
  ['keycloak.md', 'refreshToken: REFRESH_TOKEN', "refreshToken: 'spent'", [DENIED, "'invalid_grant'"]],
  ['okta.md', '`${issuer}/v1/token`', 'issuer', [DENIED, "'invalid_client'", 'status: 401']],
  [
    'salesforce.md',
    "'https://login.salesforce.com'",
    "'https://acme.my.salesforce.com'",
    [DENIED, 'audience is invalid'],
  ],
  ['zoom.md', '{ account_id }', "{ account_id: 'another' }", [DENIED, "'invalid_request'"]],
]

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
    const { printed, tokenRequests, apiRequests, env } = await runs[index]!
    expect(PRINTED[page]).toContain(printed)
    expect(tokenRequests).toHaveLength(2)
    const [refused, replayed] = apiRequests.map(({ method, url, body }) => ({ method, url, body }))
    expect(apiRequests).toHaveLength(2)
    expect(replayed).toEqual(refused)
    // Where a session is to outlive the process, it was stored.
    const { SESSIONS } = env
    if (SESSIONS !== undefined) expect(existsSync(SESSIONS)).toBe(true)
  })

  test.each(MISTAKES)('a mistake in %s is the error that it says', async (page, right, wrong, shown) => {
    const { code } = recipes.find((recipe) => recipe.page === page)!
    expect(code).toContain(right)
    const failure = await queue.add(() => run({ page, code: code.replace(right, wrong) })).catch(String)
    for (const part of shown) expect(failure).toContain(part)
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
