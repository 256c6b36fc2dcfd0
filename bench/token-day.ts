import { AccessToken, clientCredentials, TokenManager } from 'everbearer'
import { FakeClock } from 'everbearer/testing'
import { CREDENTIALS } from './tokens.js'

const SECONDS = 86_400

/** How many tokens of that many seconds a manager asks for in a day, when it is asked once a second. */
export async function requestsInADay(lifetime: number): Promise<number> {
  const clock = new FakeClock()
  let requests = 0
  const { identity } = clientCredentials({ tokenEndpoint: 'https://login.test/token', ...CREDENTIALS })
  const requestToken = () => {
    const accessToken = new AccessToken(`token-${++requests}`, { lifetime: lifetime * 1000 })
    return Promise.resolve({ accessToken, parameters: {} })
  }
  const tokens = new TokenManager({ identity, repeatable: true, requestToken }, { clock })
  for (let second = 0; second < SECONDS; second++) {
    await tokens.getToken()
    await clock.advance(1000)
  }
  await tokens.close()
  return requests
}
