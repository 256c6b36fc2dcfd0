import { describe, expect, it } from '@jest/globals'
import type { TokenSet } from '../../src/token/grant.js'
import { KeptTokens } from '../../src/token/kept-tokens.js'
import { tokens } from './scripted-grant.js'

/** As `askGrant` answers when the server sent no refresh token. */
function withoutNew(name: string, previous: TokenSet | undefined): TokenSet {
  return { ...tokens(name), refreshToken: previous!.refreshToken! }
}

describe('KeptTokens', () => {
  it('keeps the answer, and its refresh token until another takes its place', () => {
    const kept = new KeptTokens()
    expect(kept.latest).toBeUndefined()
    kept.keep(tokens('t1', { refreshToken: 'r1' }), kept.latest)
    kept.keep(withoutNew('t2', kept.latest), kept.latest)
    expect(names(kept)).toEqual(['t2', 'r1'])
    kept.keep(tokens('t3', { refreshToken: 'r3' }), kept.latest)
    expect(names(kept)).toEqual(['t3', 'r3'])
  })

  it('drops a late answer when a later request has replaced the refresh token that it was asked with', () => {
    const kept = new KeptTokens()
    kept.keep(tokens('t1', { refreshToken: 'r1' }), undefined)
    const asked = kept.latest
    kept.keep(tokens('t3', { refreshToken: 'r3' }), asked)
    kept.keep(tokens('t2', { refreshToken: 'r2' }), asked)
    expect(names(kept)).toEqual(['t3', 'r3'])
  })

  it('takes the refresh token, and nothing else, of a late answer when the later request brought none', () => {
    const kept = new KeptTokens()
    kept.keep(tokens('t1', { refreshToken: 'r1' }), undefined)
    const asked = kept.latest
    kept.keep(withoutNew('t3', asked), asked)
    kept.keep(tokens('t2', { refreshToken: 'r2' }), asked)
    expect(names(kept)).toEqual(['t3', 'r2'])
  })

  it('takes it also where neither request had one to go by', () => {
    const kept = new KeptTokens()
    kept.keep(tokens('t2'), undefined)
    kept.keep(tokens('t1', { refreshToken: 'r1' }), undefined)
    expect(names(kept)).toEqual(['t2', 'r1'])
  })

  it('leaves the latest answer alone when a late one brings no refresh token', () => {
    const kept = new KeptTokens()
    const latest = tokens('t2')
    kept.keep(latest, undefined)
    kept.keep(tokens('t1'), undefined)
    expect(kept.latest).toBe(latest)
  })
})

function names({ latest }: KeptTokens) {
  return [latest?.accessToken.reveal(), latest?.refreshToken?.reveal()]
}
