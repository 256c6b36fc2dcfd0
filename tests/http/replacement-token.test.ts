import { expect, test } from '@jest/globals'
import { replacementToken, latestToken } from '../../src/http/replacement-token.js'
import { AccessToken } from '../../src/token/access-token.js'
import type { TokenSource } from '../../src/token/token-source.js'
import { ScriptedSource } from './scripted-source.js'

const rejected = new AccessToken('one')

test('a source that does not look at what was rejected has no other token', async () => {
  const source: TokenSource = { current: () => rejected, getToken: () => Promise.resolve(new AccessToken('one')) }
  await expect(replacementToken(source, rejected, undefined)).rejects.toMatchObject({
    code: 'token_rejected',
    retryable: false,
    message: 'The API rejected the token, and its source has no other.',
  })
})

test('another token than the rejected one is the current one, where that is another', async () => {
  const source = new ScriptedSource(['two', 'three'])
  expect((await latestToken(source, rejected, undefined)).reveal()).toBe('two')
  expect(source.rejected).toEqual([])
})

test('and a new one where it is the same, or where there is none', async () => {
  const source = new ScriptedSource(['one', 'two'])
  expect((await latestToken(source, rejected, undefined)).reveal()).toBe('two')
  const empty: TokenSource = { current: () => undefined, getToken: () => Promise.resolve(new AccessToken('three')) }
  expect((await latestToken(empty, rejected, undefined)).reveal()).toBe('three')
})

test('a source that throws where it should reject is like one that rejects', async () => {
  const failure = new Error('thrown at once')
  const source: TokenSource = {
    current: () => rejected,
    getToken: () => {
      throw failure
    },
  }
  await expect(replacementToken(source, rejected, undefined)).rejects.toBe(failure)
})
