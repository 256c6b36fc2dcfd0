import { describe, expect, it } from '@jest/globals'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { reachableText } from '../../base/reachable.js'
import { TokenError } from '../../../src/base/errors.js'
import { permanentError, ScriptedGrant, tokens, transientError } from '../scripted-grant.js'
import { made } from './made.js'

const CANARY = /canary/i

const CHANNELS = ['token-request', 'token-minted', 'token-failed', 'token-rejected'].map((name) => `everbearer:${name}`)

/** A foreign error that quotes all it knows, as an HTTP client's does. */
function talkative(): Error {
  return Object.assign(new Error('canary in the message', { cause: new Error('canary in the cause') }), {
    config: { headers: { authorization: 'Bearer canary' } },
    [Symbol('canary')]: 'canary',
  })
}

describe('no secret is reachable [R14]', () => {
  it('from the manager, its errors and its events, whatever goes wrong', async () => {
    const events: unknown[] = []
    const errors: unknown[] = []
    const listener = (event: unknown) => void events.push(event)
    for (const name of CHANNELS) subscribe(name, listener)
    const { grant, clock, manager } = made({
      grant: new ScriptedGrant(({ number }) =>
        tokens(`canary-access-${number}`, { refreshToken: `canary-refresh-${number}` }),
      ),
    })
    const call = async (rejected?: Awaited<ReturnType<typeof manager.getToken>>) => {
      await manager.getToken({ rejected }).catch((error: unknown) => errors.push(error))
      await manager.getToken({ rejected }).catch((error: unknown) => errors.push(error))
    }
    const looks = () => expect(reachableText(manager)).not.toMatch(CANARY)
    await call()
    looks()
    await call(manager.current())
    await call(manager.current())
    const fine = grant.response
    for (const error of [talkative(), transientError(), permanentError()]) {
      grant.response = () => Promise.reject(error)
      clock.sleep(3_600_000)
      const outcome = Promise.all([call(), clock.advance(1_000)])
      await outcome
      looks()
      await clock.advance(600_000)
    }
    grant.response = fine
    grant.revokeToken = () => Promise.reject(talkative())
    await call()
    await manager.close({ revoke: true }).catch((error: unknown) => errors.push(error))
    await call()
    looks()
    for (const name of CHANNELS) unsubscribe(name, listener)

    expect(new Set(errors.map((error) => (error as TokenError).code))).toEqual(
      new Set([
        'grant_failed',
        'token_unavailable',
        'token_rejected',
        'token_endpoint_failed',
        'token_denied',
        'closed',
      ]),
    )
    expect(events.length).toBeGreaterThan(10)
    for (const one of [...errors, ...events]) {
      expect(reachableText(one)).not.toMatch(CANARY)
    }
    for (const error of errors) expect(error).toBeInstanceOf(TokenError)
  })

  it('and the search would find one', () => {
    const hidden = Object.defineProperty(new Error('x'), Symbol('s'), { value: new Map([['k', { deep: 'canary' }]]) })
    expect(reachableText({ hidden })).toMatch(CANARY)
    expect(reachableText(talkative())).toMatch(CANARY)
    expect(reachableText(tokens('canary'))).not.toMatch(CANARY)
  })
})
