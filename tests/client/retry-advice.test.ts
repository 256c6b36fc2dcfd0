import { describe, expect, it } from '@jest/globals'
import { ApiError, TokenError } from '../../src/base/errors.js'
import { adviceAfterReplacement, adviceOn } from '../../src/client/retry-advice.js'
import { AccessToken } from '../../src/token/access-token.js'

const { signal } = new AbortController()
const busy = (retryAfter?: number) => new ApiError('api_server_error', 'busy', { retryable: true, retryAfter })
const limited = (retryAfter: number) => new ApiError('api_rate_limited', 'slow', { retryable: true, retryAfter })

describe('adviceOn', () => {
  it.each([
    ['a foreign error', new Error('x'), true, undefined],
    ['an error that is no use retrying', new ApiError('api_forbidden', 'x'), true, undefined],
    ['a missing token', new TokenError('token_unavailable', 'x', { retryable: true }), false, 0],
    ['a server error', busy(), true, 0],
    ['a server error with Retry-After', busy(2_000), true, 2_000],
    ['a server error for a request that may not be sent twice', busy(), false, undefined],
    ['a rate limit for a request that may not be sent twice', limited(1_000), false, undefined],
    ['a rate limit beyond three minutes', limited(180_001), true, undefined],
  ])('on %s', (_name, error, idempotent, atLeast) => {
    const advice = atLeast === undefined ? undefined : { atLeast, spendsPatience: true }
    expect(adviceOn(error, idempotent)).toEqual(advice)
  })

  it('spends no patience on a rate limit of up to three minutes', () => {
    expect(adviceOn(limited(180_000), true)).toEqual({ atLeast: 180_000, spendsPatience: false })
  })
})

describe('adviceAfterReplacement', () => {
  it('tries again at once with another token', async () => {
    const replaced = Promise.resolve(new AccessToken('t'))
    expect(await adviceAfterReplacement(replaced, signal)).toEqual({ atLeast: 0, spendsPatience: true })
  })

  it('waits as long as the failed token request asks for', async () => {
    const failed = Promise.reject(new TokenError('token_denied', 'x', { retryable: true, retryAfter: 5_000 }))
    expect(await adviceAfterReplacement(failed, signal)).toEqual({ atLeast: 5_000, spendsPatience: true })
    const silent = Promise.reject(new TokenError('token_denied', 'x', { retryable: true }))
    expect(await adviceAfterReplacement(silent, signal)).toEqual({ atLeast: 0, spendsPatience: true })
  })

  it('gives up if no other token can be had', async () => {
    const denied = Promise.reject(new TokenError('token_denied', 'x'))
    expect(await adviceAfterReplacement(denied, signal)).toBeUndefined()
    expect(await adviceAfterReplacement(Promise.reject(new Error('x')), signal)).toBeUndefined()
  })
})
