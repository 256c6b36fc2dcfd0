// One cell of `npm run network`: a process that is told about its network in one way, and sends what everbearer sends.
// `tools/network/run.mjs` starts it with its task as JSON, and reads what came of it as JSON from its output.
import { systemClock } from '../../src/base/clock.js'
import { downloadResult } from '../../src/cxone/result-download.js'
import { clientCredentials } from '../../src/grants/client-credentials.js'
import { ApiTransport } from '../../src/client/api-transport.js'
import { TokenManager } from '../../src/token/token-manager.js'

interface Task {
  readonly way: 'environment' | 'ProxyAgent' | 'MockAgent'
  /** The path of the other copy of undici. */
  readonly other: string
  readonly proxy: string
  /** What the token endpoints, the API and the result's host are, by name. */
  readonly urls: Readonly<Record<'token' | 'plainToken' | 'api' | 'result', string>>
}

/** What the program uses of the other copy. */
interface OtherUndici {
  readonly ProxyAgent: new (uri: string) => object
  readonly MockAgent: new () => {
    disableNetConnect(): void
    get(origin: string): { intercept(request: object): { reply(...response: unknown[]): unknown } }
  }
  setGlobalDispatcher(dispatcher: object): void
}

const { way, other, proxy, urls } = JSON.parse(process.argv[2]!) as Task
const warnings: unknown[] = []
process.on('warning', (warning) => warnings.push((warning as NodeJS.ErrnoException).code))

if (way !== 'environment') await setDispatcher()
const tokens = managerOf(urls.token)
const results = {
  token: await told(async () => (await tokens.getToken()).reveal()),
  plainToken: await told(async () => (await managerOf(urls.plainToken).getToken()).reveal()),
  api: await told(apiResponse),
  result: await told(resultFile),
}
await new Promise(setImmediate)
console.log(JSON.stringify({ results, warnings }))
process.exit()

async function setDispatcher(): Promise<void> {
  const { MockAgent, ProxyAgent, setGlobalDispatcher } = ((await import(other)) as { default: OtherUndici }).default
  if (way === 'ProxyAgent') return setGlobalDispatcher(new ProxyAgent(proxy))
  const mock = new MockAgent()
  mock.disableNetConnect()
  for (const [name, url] of Object.entries(urls)) {
    const { origin, pathname: path } = new URL(url)
    const method = name.toLowerCase().includes('token') ? 'POST' : 'GET'
    const body = name === 'result' ? 'mocked' : JSON.stringify({ access_token: 'mocked', token_type: 'Bearer' })
    const headers = { 'content-type': 'application/json', 'content-length': String(body.length) }
    mock.get(origin).intercept({ path, method }).reply(200, body, { headers })
  }
  setGlobalDispatcher(mock)
}

async function told(call: () => Promise<string>): Promise<string> {
  try {
    return /real|mocked/.exec(await call())?.[0] ?? 'something else'
  } catch (error) {
    return String(error)
  }
}

function managerOf(tokenEndpoint: string): TokenManager {
  return new TokenManager(clientCredentials({ tokenEndpoint, clientId: 'id', clientSecret: 'secret' }), {
    timeout: 9_000,
  })
}

async function apiResponse(): Promise<string> {
  const url = new URL(urls.api)
  const transport = new ApiTransport({ apiUrl: url.origin, tokens, clock: systemClock })
  const request = { method: 'GET', url, body: undefined, signal: undefined, onRejected: () => undefined }
  return (await transport.send(request)).text
}

async function resultFile(): Promise<string> {
  const { signal } = new AbortController()
  const request = { url: urls.result, apiUrl: urls.api, dispatcher: undefined, signal }
  let text = ''
  for await (const chunk of await downloadResult(request)) text += String(chunk)
  return text
}
