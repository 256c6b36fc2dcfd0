import { describe, expect, it } from '@jest/globals'
import { runSource } from '../../base/run-source.js'

const PREAMBLE = `
  import { TokenManager } from './src/token/token-manager.ts'
  import { systemClock } from './src/base/clock.ts'
  import { AccessToken } from './src/token/access-token.ts'
  const token = (value, lifetime) => ({ accessToken: new AccessToken(value, { lifetime }), parameters: {} })
  const grant = (requestToken) => ({
    identity: { tokenEndpoint: 'https://login.example.com/token', clientId: 'id', grantType: 't', scope: [], resource: [], parameters: {} },
    repeatable: true,
    requestToken,
  })
  const asleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
`

describe.each(['background', 'on-demand'])('a process with a manager that refreshes %s', (refresh) => {
  it('survives background failures, is served the old token meanwhile, and ends by itself [R10]', async () => {
    const output = await runSource(`${PREAMBLE}
      let slept = 0
      let asked = 0
      const clock = {
        ...systemClock,
        now: () => systemClock.now() + slept,
        random: () => 0,
        setTimeout: (callback, delay) => systemClock.setTimeout(callback, delay > 60_000 ? 20 : delay),
      }
      const tokens = new TokenManager(grant(async () => {
        asked += 1
        if (asked === 1) return token('old', 3_600_000)
        throw new Error('the server is down')
      }), { refresh: '${refresh}', clock })
      await tokens.getToken()
      slept = 3_400_000
      ${refresh === 'on-demand' ? 'tokens.current()' : ''}
      await asleep(200)
      console.log(asked, tokens.current()?.reveal())
    `)
    expect(output).toBe('4 old\n')
  })
})

describe('a process', () => {
  it('is not kept alive by a timer, by a flight that nobody waits for, or by the wait between its tries [R11]', async () => {
    const output = await runSource(`${PREAMBLE}
      let slept = 0
      const clock = { ...systemClock, now: () => systemClock.now() + slept, random: () => 0.99 }
      const hanging = () => new Promise(() => {})
      const failing = async () => { throw new Error('down') }
      const managers = [hanging, failing].map((renewal) => {
        let asked = 0
        return new TokenManager(grant(async () => (asked++ === 0 ? token('t', 30 * 86_400_000) : renewal())), { clock })
      })
      for (const tokens of managers) await tokens.getToken()
      slept = 30 * 86_400_000 - 100_000
      for (const tokens of managers) tokens.current()
      const left = new TokenManager(grant(hanging))
      const controller = new AbortController()
      const waiter = left.getToken({ signal: controller.signal }).catch(() => undefined)
      await asleep(5)
      controller.abort()
      await waiter
      const end = performance.now()
      process.on('exit', () => console.log(performance.now() - end < 500 ? 'ended at once' : 'was kept alive'))
    `)
    expect(output).toBe('ended at once\n')
  })

  it('is kept alive by a caller that waits, until the time-out if need be', async () => {
    const output = await runSource(`${PREAMBLE}
      const tokens = new TokenManager(grant(() => new Promise(() => {})), { timeout: 200 })
      await tokens.getToken().catch((error) => console.log(error.code))
    `)
    expect(output).toBe('token_endpoint_timeout\n')
  })

  it('sees no storm and no warning from a lifetime that a timer cannot hold [R11]', async () => {
    const output = await runSource(`${PREAMBLE}
      process.on('warning', (warning) => console.log(warning.name))
      let asked = 0
      for (const days of [25, 30, 3650]) {
        const tokens = new TokenManager(grant(async () => (asked += 1, token('t', days * 86_400_000))))
        await tokens.getToken()
      }
      await asleep(200)
      console.log(asked)
    `)
    expect(output).toBe('3\n')
  })

  it('hears of no rejection that it did not ask for, whatever fails and whoever leaves [R10]', async () => {
    const output = await runSource(`${PREAMBLE}
      const down = async () => { throw new Error('down') }
      const late = new TokenManager(grant(() => asleep(40).then(down)), { timeout: 20 })
      const controller = new AbortController()
      const waiter = late.getToken({ signal: controller.signal })
      controller.abort(new Error('gone'))
      await waiter.catch((error) => console.log(error.message))
      const closed = new TokenManager(grant(() => asleep(10).then(down)))
      const closing = closed.getToken()
      await closed.close()
      await closing.catch((error) => console.log(error.code))
      await asleep(100)
      console.log('end')
    `)
    expect(output).toBe('gone\nclosed\nend\n')
  })
})
