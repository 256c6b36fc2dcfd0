import { afterEach, describe, expect, it } from '@jest/globals'

import { bearer, clientCredentials, EverbearerError, staticToken, TokenManager } from '../src/index.js'

const grantOptions = { tokenEndpoint: 'https://login.example.com/token', clientId: 'id', clientSecret: 'secret' }
const source = staticToken('t')
const bearerOptions = { origins: ['https://api.example.com'] }

describe('what an object inherits is no option', () => {
  afterEach(() => {
    for (const name of ['timeout', 'audience', 'keepAuthorization', 'lifetime', 'retryable', 'signal']) {
      delete (Object.prototype as unknown as Record<string, unknown>)[name]
    }
  })

  it('whatever was done to Object.prototype', async () => {
    const polluted = { timeout: 'x', audience: 'x', keepAuthorization: 'x', lifetime: -1, retryable: true, signal: 42 }
    for (const [name, value] of Object.entries(polluted)) {
      Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true })
    }
    new TokenManager(clientCredentials(grantOptions), {})
    expect(clientCredentials(grantOptions).identity).toHaveProperty('audience', undefined)
    bearer(source, bearerOptions)
    await source.getToken({})
    expect(new EverbearerError('closed', 'm').retryable).toBe(false)
  })
})
