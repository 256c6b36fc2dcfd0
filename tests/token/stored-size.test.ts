import { expect, it } from '@jest/globals'
import { checkStoredSize, MAX_STORED } from '../../src/token/stored-size.js'

it('a text of more bytes than a store reads again is an error, which does not quote it', () => {
  expect(() => checkStoredSize('x'.repeat(MAX_STORED))).not.toThrow()
  const failure = { code: 'token_store_failed', retryable: false, requestSent: false }
  const message = 'Cannot store the tokens: they take 2097154 bytes, and the limit is 2097152. Request smaller ones.'
  // Two bytes each.
  expect(() => checkStoredSize('é'.repeat(MAX_STORED / 2 + 1))).toThrow(
    expect.objectContaining({ ...failure, message }),
  )
})
