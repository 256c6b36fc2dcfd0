import { expect, it } from '@jest/globals'
import { runSource } from '../base/run-source.js'

const PREAMBLE = `
  import { Agent, fetch as undiciFetch, request } from 'undici'
  import { TokenManager, bearer, createFetch } from './src/index.ts'

  const api = 'http://127.0.0.1:9'
  const settings = { origins: [api] }
  const tokens = new TokenManager({
    identity: { tokenEndpoint: 'https://login.example.com', clientId: 'id', grantType: 't', scope: [], resource: [], parameters: {} },
    repeatable: true,
    requestToken: () => new Promise(() => {}),
  })
  const dispatcher = new Agent().compose(bearer(tokens, settings))
  const fetch = createFetch(tokens, { ...settings, fetch: undiciFetch })
  const WAYS = {
    getToken: (signal) => tokens.getToken({ signal }),
    bearer: (signal) => request(api, { dispatcher, signal, method: 'POST', body: 'x' }),
    createFetch: (signal) => fetch(api, { signal, method: 'POST', body: 'x' }),
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve))
`

it.each(['getToken', 'bearer', 'createFetch'])(
  'whoever waits by %s and gives up can be collected, though the token request goes on [R37]',
  async (way) => {
    const output = await runSource(
      `${PREAMBLE}
      async function giveUp() {
        const controller = new AbortController()
        const reason = new Error('gone')
        const waiting = WAYS['${way}'](controller.signal)
        const refs = { signal: controller.signal, reason, waiting }
        waiting.catch(() => {})
        await turn()
        controller.abort(reason)
        await waiting.catch((error) => { if (error !== reason) throw error })
        return Object.entries(refs).map(([name, value]) => [name, new WeakRef(value)])
      }
      let landed = false
      void tokens.getToken().catch(() => {}).then(() => (landed = true))
      const refs = []
      for (let i = 0; i < 50; i++) refs.push(...(await giveUp()))
      for (let i = 0; i < 5; i++) {
        await turn()
        gc()
      }
      const kept = refs.filter(([, ref]) => ref.deref() !== undefined).map(([name]) => name)
      console.log(JSON.stringify({ landed, watched: refs.length, kept: [...new Set(kept)] }))
      process.exit()
    `,
      { nodeArguments: ['--expose-gc'] },
    )
    expect(JSON.parse(output)).toEqual({ landed: false, watched: 150, kept: [] })
  },
)
