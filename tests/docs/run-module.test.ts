import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals'
import { codeBlocks } from './code-blocks.js'
import { startExampleHosts } from './example-hosts.js'
import type { ExampleHosts } from './example-hosts.js'
import { runModule } from './run-module.js'

// runModule has a limit of its own.
jest.setTimeout(30_000)

describe('codeBlocks', () => {
  const page = [
    '# A page',
    '```js',
    'first()',
    '',
    'first.again()',
    '```',
    'prose with `js` in it',
    '```ts',
    'typed()',
    '```',
    '````markdown',
    '```js',
    'quoted()',
    '```',
    '````',
    '```js',
    'second()',
    '```',
  ].join('\n')

  test('are found by their language, with their lines', () => {
    expect(codeBlocks(page, 'js')).toEqual([
      { line: 3, code: 'first()\n\nfirst.again()' },
      { line: 17, code: 'second()' },
    ])
  })

  test('must end', () => {
    expect(() => codeBlocks('text\n```js\nfirst()', 'js')).toThrow('The code block at line 2 has no end.')
  })
})

describe('runModule', () => {
  let hosts: ExampleHosts
  beforeAll(async () => {
    hosts = await startExampleHosts()
  })
  afterAll(() => hosts.close())

  test('answers what the module printed', async () => {
    await expect(runModule('console.log(await Promise.resolve(process.version))')).resolves.toBe(`${process.version}\n`)
  })

  test('throws what went wrong', async () => {
    await expect(runModule("throw new RangeError('too far')")).rejects.toThrow('RangeError: too far')
  })

  test.each([
    ['the built-in fetch', ''],
    ["undici's fetch", "import { fetch } from 'undici'"],
  ])('leads %s to the example hosts', async (_name, line) => {
    const code = `
      ${line}
      const login = await fetch('https://login.example.com/oauth/token', { method: 'POST', body: 'client_secret=x' })
      const { access_token: token } = await login.json()
      const things = await fetch('https://api.example.com/things', { headers: { authorization: 'Bearer ' + token } })
      const refused = await fetch('https://api.example.com/things')
      console.log(things.status, refused.status, await things.text())`
    await expect(runModule(code, hosts)).resolves.toBe('200 401 {"things":[]}\n')
  })

  test('has the certificate verified', async () => {
    const { NODE_EXTRA_CA_CERTS: _, ...env } = hosts.env
    const run = runModule("await fetch('https://api.example.com')", { ...hosts, env })
    await expect(run).rejects.toThrow('SELF_SIGNED_CERT')
  })
})
