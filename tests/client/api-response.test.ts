import { expect, test } from '@jest/globals'
import { apiError } from '../../src/client/api-response.js'

test.each([
  [400, 'api_bad_request', false],
  [401, 'api_unauthorized', false],
  [403, 'api_forbidden', false],
  [404, 'api_not_found', false],
  [408, 'api_bad_request', false],
  [429, 'api_rate_limited', true],
  [499, 'api_bad_request', false],
  [500, 'api_server_error', false],
  [502, 'api_server_error', true],
  [503, 'api_server_error', true],
  [504, 'api_server_error', true],
  [505, 'api_server_error', false],
])('an answer of %d is an error %s; worth another try: %s', (status, code, retryable) => {
  const error = apiError(status, 'It failed.', { correlationId: 'c' })
  expect(error).toMatchObject({ status, code, retryable, message: 'It failed.', correlationId: 'c' })
})

test('a platform may have transient statuses of its own, and keeps those of all', () => {
  const retryable = [500, 503, 529].filter((status) => apiError(status, 'x', {}, new Set([529])).retryable)
  expect(retryable).toEqual([503, 529])
})
