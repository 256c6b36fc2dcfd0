import { describe, expect, it } from '@jest/globals'
import { callHeaders, forbidStoring, isAuthorized, withHeader } from '../../src/http/call-headers.js'

type Given = Parameters<typeof callHeaders>[0]

describe('the headers of a call', () => {
  it.each([undefined, null, {}])('are none when they are %p', (given) => {
    expect(callHeaders(given)).toEqual({})
  })

  it('stay an object of names and texts, which is no longer the caller’s', () => {
    const given = Object.freeze({ Accept: 'text/plain' })
    const headers = callHeaders(given)
    expect(headers).toEqual(given)
    expect(headers).not.toBe(given)
  })

  it.each([[[['x-a', '1']]], [new Headers({ 'x-a': '1' })], [new Map([['x-a', '1']])], [{ 'x-a': 1 }]])(
    'are Headers when they are %p',
    (given) => {
      const headers = callHeaders(given as unknown as Given)
      expect([...(headers as Headers)]).toEqual([['x-a', '1']])
    },
  )

  it.each(['x-a: 1', 1, Symbol('x'), [['x-a']]])('are refused as fetch does when they are %p', (given) => {
    const refusal = (work: () => unknown) => expect(work).toThrow(expect.objectContaining({ name: 'TypeError' }))
    refusal(() => new Headers(given as never))
    refusal(() => callHeaders(given as never))
  })

  it.each([{ 'x-a': '1', AUTHORIZATION: 'Basic own' }, new Headers({ 'x-a': '1', Authorization: 'Basic own' })])(
    'have one of a name, whatever its case: %p',
    (given) => {
      const headers = callHeaders(given)
      expect(isAuthorized(headers)).toBe(true)
      const stamped = withHeader(withHeader(headers, 'authorization', 'Bearer a'), 'authorization', 'Bearer b')
      expect(Object.fromEntries(stamped instanceof Headers ? stamped : Object.entries(stamped))).toEqual({
        'x-a': '1',
        authorization: 'Bearer b',
      })
    },
  )

  it('as an object are not changed once they were handed on', () => {
    const headers = callHeaders({ 'x-a': '1' })
    const stamped = withHeader(headers, 'authorization', 'Bearer a')
    withHeader(stamped, 'authorization', 'Bearer b')
    expect([headers, stamped]).toEqual([{ 'x-a': '1' }, { 'x-a': '1', authorization: 'Bearer a' }])
  })

  it('that nobody authorized are told', () => {
    expect(
      [{ 'x-authorization': '1' }, new Headers(), undefined].map((given) => isAuthorized(callHeaders(given))),
    ).toEqual([false, false, false])
  })
})

it('headers that are a text fail with the words of fetch', () => {
  const wordsOf = (work: () => unknown) => {
    try {
      work()
      return undefined
    } catch (error) {
      return (error as Error).message
    }
  }
  expect(wordsOf(() => callHeaders('x-a: 1' as never))).toBe(wordsOf(() => new Headers('x-a: 1' as never)))
})

it('no-store is the only word for a call that says nothing about caching', () => {
  const headers = new Headers()
  forbidStoring(headers)
  expect(headers.get('cache-control')).toBe('no-store')
})

it('no-store comes before the words of each spelling of Cache-Control', () => {
  const headers = { 'Cache-Control': 'max-age=0', 'cache-control': 'no-cache', 'x-a': '1' }
  forbidStoring(headers)
  expect(headers).toEqual({ 'cache-control': 'no-store, max-age=0, no-cache', 'x-a': '1' })
})
