import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

import type { Provider } from 'oidc-provider'
import type { InteractionResults } from 'oidc-provider'
import { Agent } from 'undici'
import { registerAssertionGrants } from './assertion-grants.js'
import { TLS_SERVER } from './mutual-tls.js'
import { API, CLIENTS, configuration, LOGIN_PATH } from './registrations.js'
import type { Registration } from './registrations.js'

export const SIGNED_IN = { login: { accountId: 'user 42' } }

/** One request to the token endpoint, and how it was answered. */
export interface TokenRequest {
  /** The scheme of `Authorization`, or '' without it. */
  readonly scheme: string
  readonly form: Readonly<Record<string, string | undefined>>
  readonly status: number
}

/** oidc-provider on loopback: an authorization server that nobody here wrote. */
export class RunningProvider {
  readonly issuer: string
  readonly tokenRequests: TokenRequest[] = []
  /** The most token requests that were under way at the same time. */
  mostAtOnce = 0
  /** Milliseconds that a token request takes longer: without them no two could meet. */
  latency = 0
  /** How the next users sign in, or fail to. */
  login: InteractionResults = SIGNED_IN
  readonly #server: Server
  #secure: Server | undefined
  readonly #agent = new Agent()
  #provider!: Provider
  #underWay = 0

  private constructor(server: Server) {
    this.#server = server
    this.issuer = `http://127.0.0.1:${this.#port}`
  }

  /** `lifetime` of its tokens in seconds. */
  static async start({ lifetime = 3600 } = {}): Promise<RunningProvider> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const self = new RunningProvider(server)
    await self.#serve(lifetime)
    return self
  }

  get tokenEndpoint(): string {
    return `${this.issuer}/token`
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async #serve(lifetime: number): Promise<void> {
    const { Provider, errors } = await withoutKnownWarning(() => import('oidc-provider'))
    const provider = new Provider(this.issuer, await configuration(lifetime, errors))
    this.#provider = provider
    registerAssertionGrants(provider, errors)
    provider.use(async (ctx, next) => {
      if (ctx.path.startsWith(LOGIN_PATH)) return provider.interactionFinished(ctx.req, ctx.res, this.login)
      if (ctx.path !== '/token') return void (await next())
      this.#underWay += 1
      this.mostAtOnce = Math.max(this.mostAtOnce, this.#underWay)
      await next()
      if (this.latency > 0) await delay(this.latency)
      this.#underWay -= 1
      const [scheme = ''] = ctx.get('authorization').split(' ')
      this.tokenRequests.push({ scheme, form: ctx['oidc'].body, status: ctx.status })
    })
    const callback = provider.callback()
    this.#server.on('request', (incoming, outgoing) => {
      void callback(incoming, outgoing)
    })
  }

  /** The same over TLS, where a client may show its certificate. */
  async startTls(): Promise<{ tokenEndpoint: string }> {
    const callback = this.#provider.callback()
    this.#secure = createSecureServer(TLS_SERVER, (incoming, outgoing) => void callback(incoming, outgoing))
    this.#secure.listen(0, '127.0.0.1')
    await once(this.#secure, 'listening')
    return { tokenEndpoint: `https://127.0.0.1:${(this.#secure.address() as AddressInfo).port}/token` }
  }

  /** A user has signed in, and consented: the refresh token of the new session. */
  async startSession({ clientId }: Registration, scope: string, accountId = 'user 42'): Promise<string> {
    const { Grant, RefreshToken, Client } = this.#provider
    const consent = new Grant({ accountId, clientId })
    consent.addOIDCScope(scope)
    const client = await Client.find(clientId)
    if (client === undefined) throw new Error(`No client ${clientId} is registered.`)
    return new RefreshToken({
      accountId,
      client,
      scope,
      grantId: await consent.save(),
      gty: 'authorization_code',
    }).save()
  }

  /** What a browser does, up to where it comes back to the app. */
  async browse(url: string): Promise<string> {
    const cookies = new Map<string, string>()
    let location = url
    while (location.startsWith(this.issuer)) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const response = await fetch(location, { redirect: 'manual', headers: { cookie } })
      const next = response.headers.get('location')
      if (next === null) throw new Error(`The browser is shown ${response.status}: ${await response.text()}`)
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        cookies.set(name, value)
      }
      location = new URL(next, location).href
    }
    return location
  }

  /** RFC 7662, as an API asks. */
  async introspect(token: string): Promise<Readonly<Record<string, unknown>>> {
    return JSON.parse(await this.#post('/token/introspection', API, token)) as Record<string, unknown>
  }

  /** RFC 7009, as the client asks to whom it was given. */
  async revoke(token: string): Promise<void> {
    await this.#post('/token/revocation', CLIENTS.plain, token)
  }

  /** Written by hand: nothing of what is tested serves the test. */
  async #post(path: string, { clientId, clientSecret }: Registration, token: string): Promise<string> {
    const credentials = [clientId, clientSecret].map(encodeURIComponent).join(':')
    const { statusCode, body } = await this.#agent.request({
      origin: this.issuer,
      path,
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: `token=${encodeURIComponent(token)}`,
    })
    const text = await body.text()
    if (statusCode !== 200) throw new Error(`${path} was answered ${statusCode}: ${text}`)
    return text
  }

  /** Nothing listens there any more, and whoever is connected is cut off. */
  async goDown(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  /** It is there again, at the same address. */
  async comeBack(): Promise<void> {
    this.#server.listen(Number(new URL(this.issuer).port), '127.0.0.1')
    await once(this.#server, 'listening')
  }

  async close(): Promise<void> {
    await this.#agent.destroy()
    if (this.#server.listening) await this.goDown()
    this.#secure?.close()
    this.#secure?.closeAllConnections()
  }
}

/** Loaded by Node 20 it says that it wants 22. Everything else that it says is let through. */
async function withoutKnownWarning<Result>(load: () => Promise<Result>): Promise<Result> {
  const { warn } = console
  console.warn = (...words: unknown[]) => {
    if (!String(words[0]).includes('Unsupported runtime')) warn(...words)
  }
  try {
    return await load()
  } finally {
    console.warn = warn
  }
}
