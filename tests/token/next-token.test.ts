import { describe, expect, it } from '@jest/globals'
import { FakeClock } from '../../src/testing/fake-clock.js'
import type { AccessToken } from '../../src/token/access-token.js'
import { GrantSupply } from '../../src/token/grant-supply.js'
import { nextToken } from '../../src/token/next-token.js'
import { ScriptedGrant, tokens } from './scripted-grant.js'

function ask(answers: readonly (readonly [token: string, lifetime: number | undefined])[], unwanted?: AccessToken) {
  const clock = new FakeClock()
  const times: number[] = []
  const start = clock.now()
  const grant = new ScriptedGrant(({ number }) => {
    times.push(clock.now() - start)
    const [token, lifetime] = answers[Math.min(number, answers.length) - 1]!
    return tokens(token, { lifetime: lifetime ?? Infinity })
  })
  const { signal } = new AbortController()
  const request = {
    unwanted,
    isForRejection: false,
    signal,
    tries: 3,
    refreshAhead: undefined,
    progress: { cause: undefined },
  }
  const held = nextToken(new GrantSupply(grant, clock), request, clock)
  return { clock, times, held }
}

const old = tokens('old').accessToken

describe('nextToken', () => {
  it.each([
    ['another token, however short it lives', [['new', 1_999]]],
    ['the same token with 2 s to live', [['old', 2_000]]],
    ['the same token without a lifetime', [['old', undefined]]],
  ] as const)('takes %s', async (_, answers) => {
    const { held, times } = ask(answers, old)
    expect((await held).token.reveal()).toBe(answers[0][0])
    expect(times).toEqual([0])
  })

  it('asks again after 1 s for the same token with less to live, until there is another', async () => {
    const { clock, held, times } = ask(
      [
        ['old', 1_999],
        ['old', 1_000],
        ['new', 60_000],
      ],
      old,
    )
    await clock.advance(2_000)
    expect((await held).token.reveal()).toBe('new')
    expect(times).toEqual([0, 1_000, 2_000])
  })

  it('asks again for a token that has no life left, though it was not known', async () => {
    const { clock, held, times } = ask([
      ['old', 0],
      ['new', 60_000],
    ])
    await clock.advance(1_000)
    expect((await held).token.reveal()).toBe('new')
    expect(times).toEqual([0, 1_000])
  })

  it('asks five times more at most, and says that the token is repeated', async () => {
    const { clock, held, times } = ask([['old', 1_000]], old)
    await clock.advance(60_000)
    expect((await held).isRepeated).toBe(true)
    expect(times).toEqual([0, 1_000, 2_000, 3_000, 4_000, 5_000])
  })
})
