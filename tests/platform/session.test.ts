import { expect, test } from '@jest/globals'
import { clientCredentials, TokenManager } from '../../src/index.js'
import { JsonClient } from '../../src/client/json-client.js'
import { apiError } from '../../src/client/api-response.js'
import { closeSession } from '../../src/platform/session.js'
import { errorOf } from './connection.js'

test('a manager that knows no way to revoke is closed all the same, and that is told', async () => {
  const tokenEndpoint = 'https://login.example.com/token'
  const manager = new TokenManager(clientCredentials({ tokenEndpoint, clientId: 'id', clientSecret: 'secret' }))
  const client = new JsonClient({
    ...{ apiUrl: 'https://api.example.com', tokens: manager, concurrency: 1, requestsPerMinute: 1, patience: 0 },
    errorFrom: ({ status }) => apiError(status, 'no', {}),
  })
  const error = await errorOf(closeSession({ client, manager }, { revoke: true }, ''))
  expect(error).toMatchObject({ code: 'revocation_unsupported' })
  expect(await errorOf(manager.getToken())).toMatchObject({ code: 'closed' })
})
