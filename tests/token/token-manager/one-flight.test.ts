import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { getEventListeners } from 'node:events'
import type { AccessToken } from '../../../src/token/access-token.js'
import type { TokenSet } from '../../../src/token/grant.js'
import { HOUR, ScriptedGrant, state, tokens, untilAborted } from '../scripted-grant.js'
import { made } from './made.js'
import { deferred, turn } from '../../waiting.js'

const gone = new Error('gone')

/** A manager whose next token request ends when the test says so. */
function waiting({ repeatable, ...options }: Parameters<typeof made>[0] & { repeatable?: boolean } = {}) {
  const responses: ReturnType<typeof deferred<TokenSet>>[] = []
  const response = () => {
    const next = deferred<TokenSet>()
    responses.push(next)
    return next.promise
  }
  return { ...made({ grant: new ScriptedGrant(response, repeatable), ...options }), responses }
}

describe('one flight', () => {
  it('serves 10,000 concurrent callers with one token request [R04]', async () => {
    const { grant, manager } = made()
    const all = await Promise.all(Array.from({ length: 10_000 }, () => manager.getToken()))
    expect(new Set(all).size).toBe(1)
    expect(grant.count).toBe(1)
  })

  it("a waiter's abort leaves the others alone, and the flight [R05]", async () => {
    const { grant, manager, responses } = waiting()
    const controller = new AbortController()
    const leaving = manager.getToken({ signal: controller.signal })
    const staying = manager.getToken()
    await turn()
    controller.abort(gone)
    await expect(leaving).rejects.toBe(gone)
    expect(grant.asked[0]?.signal.aborted).toBe(false)
    responses[0]?.resolve(tokens('t'))
    expect((await staying).reveal()).toBe('t')
    expect(grant.count).toBe(1)
  })

  it('the abort of all waiters does not end the flight: its token is kept [R05]', async () => {
    const { grant, manager, responses } = waiting()
    const controller = new AbortController()
    const leaving = Array.from({ length: 3 }, () => manager.getToken({ signal: controller.signal }))
    await turn()
    controller.abort(gone)
    expect(await Promise.allSettled(leaving)).toEqual(leaving.map(() => ({ status: 'rejected', reason: gone })))
    responses[0]?.resolve(tokens('t'))
    await turn()
    expect(manager.current()?.reveal()).toBe('t')
    expect(grant.count).toBe(1)
  })

  it('a signal that is aborted already starts nothing [R05]', async () => {
    const { grant, clock, manager } = made()
    await expect(manager.getToken({ signal: AbortSignal.abort(gone) })).rejects.toBe(gone)
    await turn()
    expect(grant.count).toBe(0)
    expect(clock.pendingTimers).toBe(0)
  })

  it('an aborted signal is heard even when there is a token', async () => {
    const { manager } = made()
    await manager.getToken()
    await expect(manager.getToken({ signal: AbortSignal.abort(gone) })).rejects.toBe(gone)
  })

  it('an abort is heard even when the old token turns out to live on', async () => {
    const { grant, clock, manager } = made()
    await manager.getToken()
    grant.response = () => new Promise<never>(() => {})
    clock.jump(HOUR)
    const controller = new AbortController()
    const waiter = manager.getToken({ signal: controller.signal })
    await turn()
    controller.abort(gone)
    clock.jump(-HOUR)
    await expect(waiter).rejects.toBe(gone)
    expect(manager.current()?.reveal()).toBe('token-1')
  })

  it('a thousand waiters with one signal leave no listener behind, and cause no warning [R05]', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error) => void warnings.push(warning)
    process.on('warning', onWarning)
    const { manager, responses } = waiting()
    const { signal } = new AbortController()
    const waiters = Array.from({ length: 1_000 }, () => manager.getToken({ signal }))
    await turn()
    responses[0]?.resolve(tokens('t'))
    await Promise.all(waiters)
    await turn()
    process.off('warning', onWarning)
    expect(getEventListeners(signal, 'abort')).toEqual([])
    expect(warnings).toEqual([])
  })

  it.each([
    ['ends with its signal', (signal: AbortSignal) => untilAborted(signal)],
    ['ignores its signal', () => new Promise<never>(() => {})],
  ])('ends after 10 s with a grant that %s', async (_, response) => {
    const { grant, clock, manager } = made({ grant: new ScriptedGrant(({ signal }) => response(signal)) })
    const outcome = manager.getToken().catch((error: unknown) => error)
    await clock.advance(9_999)
    expect(grant.asked[0]?.signal.aborted).toBe(false)
    await clock.advance(1)
    expect(await outcome).toMatchObject({
      code: 'token_endpoint_timeout',
      retryable: true,
      message: 'The authorization server did not answer within 10000 ms.',
    })
    expect(grant.asked[0]?.signal.aborted).toBe(true)
    await expect(manager.getToken()).rejects.toMatchObject({ code: 'token_unavailable' })
    grant.response = () => tokens('later')
    await clock.advance(1_000)
    expect((await manager.getToken()).reveal()).toBe('later')
  })

  it('ends after the time-out that was asked for', async () => {
    const { clock, manager } = made({ timeout: 50, grant: new ScriptedGrant(({ signal }) => untilAborted(signal)) })
    const outcome = manager.getToken().catch((error: unknown) => error)
    await clock.advance(50)
    expect(await outcome).toMatchObject({ code: 'token_endpoint_timeout' })
  })

  it('takes its tries out of one time-out', async () => {
    const { grant, clock, manager } = waiting({ timeout: 2_000 })
    const outcome = manager.getToken().catch((error: unknown) => error)
    await clock.advance(1_900)
    grant.response = ({ signal }) => untilAborted(signal)
    await clock.advance(100)
    expect(await outcome).toMatchObject({ code: 'token_endpoint_timeout' })
  })

  it('a listener that asks the manager for a token while the flight takes off joins it', async () => {
    const { grant, manager } = made()
    const joined: Promise<AccessToken>[] = []
    grant.response = ({ number }) => {
      if (joined.length < 5) joined.push(manager.getToken())
      return tokens(`token-${number}`)
    }
    const token = await manager.getToken()
    expect(await Promise.all(joined)).toEqual([token])
    expect(grant.count).toBe(1)
  })
})

describe('invalidate [R28]', () => {
  it('drops the token: the next call asks the server', async () => {
    const { grant, clock, manager } = made()
    await manager.getToken()
    manager.invalidate()
    expect(manager.current()).toBeUndefined()
    expect(clock.pendingTimers).toBe(0)
    expect((await manager.getToken()).reveal()).toBe('token-2')
    expect(grant.count).toBe(2)
  })

  it('discards the access token of a flight under way, keeps its refresh token, and waiters get a newer one', async () => {
    const { grant, manager, responses } = waiting()
    const waiter = manager.getToken()
    await turn()
    manager.invalidate()
    responses[0]?.resolve(tokens('discarded', { refreshToken: 'kept' }))
    await turn()
    expect(grant.count).toBe(2)
    expect(grant.asked[1]?.previous?.refreshToken?.reveal()).toBe('kept')
    responses[1]?.resolve(tokens('newer'))
    expect((await waiter).reveal()).toBe('newer')
    expect(manager.current()?.reveal()).toBe('newer')
  })

  it('at any moment, the token of a flight that it met is never served afterwards', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 10 }), async (when, length) => {
        const { grant, manager } = made({
          grant: new ScriptedGrant(async ({ number }) => {
            for (let step = 0; step < length; step++) await Promise.resolve()
            return tokens(`token-${number}`)
          }),
        })
        const waiter = manager.getToken()
        for (let step = 0; step < when; step++) await Promise.resolve()
        const served = manager.current()
        const begun = grant.count
        manager.invalidate()
        expect(manager.current()).toBeUndefined()
        const token = await waiter
        const next = await manager.getToken()
        expect(next.reveal()).toBe(`token-${begun + 1}`)
        if (served === undefined && begun > 0) expect([next, undefined]).toContain(manager.current())
        expect([served, next].some((one) => one === token) || token.reveal() === `token-${begun}`).toBe(true)
        await manager.close()
      }),
    )
  })
})

describe('a refresh token', () => {
  it('goes with the next request, and a rotated one replaces it', async () => {
    const { grant, manager } = made({
      grant: new ScriptedGrant(({ number }) => tokens(`t${number}`, { refreshToken: `r${number}` }), false),
    })
    for (let count = 0; count < 3; count++) {
      await manager.getToken()
      manager.invalidate()
    }
    expect(grant.asked.map(({ previous }) => previous?.refreshToken?.reveal())).toEqual([undefined, 'r1', 'r2'])
  })

  it('stays good when an answer holds none', async () => {
    const { grant, manager } = made({
      grant: new ScriptedGrant(({ number }) => tokens(`t${number}`, number === 1 ? { refreshToken: 'r1' } : {})),
    })
    for (let count = 0; count < 3; count++) {
      await manager.getToken()
      manager.invalidate()
    }
    expect(grant.asked[2]?.previous).toMatchObject({ accessToken: expect.anything(), parameters: {} })
    expect(grant.asked.map(({ previous }) => previous?.refreshToken?.reveal())).toEqual([undefined, 'r1', 'r1'])
  })

  it('is kept when it comes with a token that is dead on arrival', async () => {
    const { grant, clock, manager } = made({
      grant: new ScriptedGrant(() => tokens('dead', { lifetime: 0, refreshToken: 'kept' })),
    })
    const outcome = manager.getToken().catch((error: unknown) => error)
    await clock.advance(5_000)
    expect(await outcome).toMatchObject({ code: 'token_response_invalid' })
    expect(grant.asked[1]?.previous?.refreshToken?.reveal()).toBe('kept')
  })

  it('is kept when its answer comes after the time-out', async () => {
    const { grant, clock, manager, responses } = waiting({ repeatable: false })
    const outcome = manager.getToken().catch((error: unknown) => error)
    await clock.advance(10_000)
    expect(await outcome).toMatchObject({ code: 'token_endpoint_timeout' })
    responses[0]?.resolve(tokens('late', { refreshToken: 'kept' }))
    await turn()
    expect(manager.current()).toBeUndefined()
    await clock.advance(1_000)
    void manager.getToken().catch(() => undefined)
    await turn()
    expect(grant.asked[1]?.previous?.refreshToken?.reveal()).toBe('kept')
  })

  it('of a late answer does not replace one that a later flight brought', async () => {
    const { grant, clock, manager, responses } = waiting()
    void manager.getToken().catch(() => undefined)
    await clock.advance(11_000)
    const second = manager.getToken()
    await turn()
    responses[1]?.resolve(tokens('second', { refreshToken: 'newer' }))
    await second
    responses[0]?.resolve(tokens('first', { refreshToken: 'older' }))
    await turn()
    manager.invalidate()
    void manager.getToken().catch(() => undefined)
    await turn()
    expect(grant.asked[2]?.previous?.refreshToken?.reveal()).toBe('newer')
  })
})

describe('a background flight', () => {
  it('is joined by who comes in the last seconds', async () => {
    const { grant, clock, manager, responses } = waiting({ refresh: 'on-demand' })
    const first = manager.getToken()
    await turn()
    responses[0]?.resolve(tokens('old'))
    await first
    await clock.advance(HOUR - 12_000)
    expect(manager.current()?.reveal()).toBe('old')
    await clock.advance(3_000)
    const waiter = manager.getToken()
    expect(await state(waiter)).toBe('pending')
    responses[1]?.resolve(tokens('new'))
    expect((await waiter).reveal()).toBe('new')
    expect(grant.count).toBe(2)
  })
})

it.each([{}, 5, { throwIfAborted: () => undefined }])('a wait takes no signal of %p', async (signal) => {
  const { manager, grant } = made()
  await expect(manager.getToken({ signal: signal as never })).rejects.toMatchObject({ code: 'invalid_option' })
  expect(grant.count).toBe(0)
})

it('a wait takes a signal that is not of this realm', async () => {
  const { manager } = made()
  const foreign = {
    aborted: false,
    reason: undefined,
    throwIfAborted: () => undefined,
    addEventListener: () => undefined,
  }
  const signal = Object.assign(foreign, { removeEventListener: () => undefined })
  expect((await manager.getToken({ signal: signal as never })).reveal()).toBe('token-1')
})
