import { empty, json } from '../platform/responses.js'
import { basicPair } from '../platform/basic-pair.js'
import { readForm } from '../platform/form-body.js'
import { isObject, readJson } from '../platform/json-body.js'
import { OAuthRefusal, type Arrival } from '../platform/refusal.js'
import type { ResolvedOptions } from './options.js'
import { badRequest, CxoneRefusal, REFUSALS } from './refusals.js'
import type { Sessions, TokenPair } from './sessions.js'
import { ACCESS_KEY_PATH, REFRESH_PATH, TOKEN_PATH } from './token-paths.js'

const NOT_KEPT = { 'cache-control': 'no-store', pragma: 'no-cache' }

/**
 * The three places where tokens are had: by the form of RFC 6749, by an access key alone, and by a refresh token of the
 * latter. A refresh token is good only for the way that it came by.
 */
export class AuthorizationServer {
  readonly #options: ResolvedOptions
  readonly #sessions: Sessions

  constructor(options: ResolvedOptions, sessions: Sessions) {
    this.#options = options
    this.#sessions = sessions
  }

  /** Throws refusals. */
  response({ request, url: { pathname, origin } }: Arrival): Response | Promise<Response> {
    if (request.method !== 'POST') return empty(405, { allow: 'POST' })
    switch (pathname) {
      case ACCESS_KEY_PATH:
        return this.#signIn(request, origin)
      case REFRESH_PATH:
        return this.#refresh(request, origin)
      default:
        return this.#grant(request, origin)
    }
  }

  /** {@link TOKEN_PATH} */
  async #grant(request: Request, origin: string): Promise<Response> {
    const form = await readForm(request, this.#options.limits.requestBytes, REFUSALS)
    if (!form) throw new OAuthRefusal('invalid_request', 'The body must be a form.')
    const names = [...form.keys()]
    const twice = names.find((name, index) => names.indexOf(name) !== index)
    if (twice !== undefined) throw new OAuthRefusal('invalid_request', `The parameter ${twice} is there twice.`)
    const { accessToken, refreshToken, idToken, expiresIn } = this.#granted(request, form, origin)
    const body = {
      access_token: accessToken,
      token_type: 'Bearer',
      refresh_token: refreshToken,
      expires_in: expiresIn,
      id_token: idToken,
    }
    return json(200, body, NOT_KEPT)
  }

  #granted(request: Request, form: URLSearchParams, origin: string): TokenPair {
    switch (form.get('grant_type')) {
      case null:
        throw new OAuthRefusal('invalid_request', 'The parameter grant_type is missing.')
      case 'password': {
        const clientId = this.#authenticate(request, form)
        const [accessKeyId, secret] = [needed(form, 'username'), needed(form, 'password')]
        if (!this.#isAccessKey(accessKeyId, secret))
          throw new OAuthRefusal('invalid_grant', 'The access key is invalid.')
        return this.#sessions.signIn({ accessKeyId, clientId }, origin)
      }
      case 'refresh_token': {
        // NICE's table has the client's id alone in this form; a secret that is sent all the same must be right.
        const isPublic = !request.headers.has('authorization') && !form.has('client_secret')
        const clientId = isPublic ? this.#knownClient(form.get('client_id')) : this.#authenticate(request, form)
        const pair = this.#sessions.refresh(needed(form, 'refresh_token'), clientId, origin)
        if (!pair) throw new OAuthRefusal('invalid_grant', 'The refresh token is invalid or has expired.')
        return pair
      }
      default:
        throw new OAuthRefusal('unsupported_grant_type', 'The grant types are password and refresh_token.')
    }
  }

  /** By HTTP Basic with form-encoded halves, as RFC 6749 and NICE's samples have them, or in the body. */
  #authenticate(request: Request, form: URLSearchParams): string {
    const authorization = request.headers.get('authorization')
    const [inForm, secretInForm] = [form.get('client_id'), form.get('client_secret')]
    if (authorization === null) return this.#checked(inForm ?? '', secretInForm ?? '')
    if (secretInForm !== null) throw new OAuthRefusal('invalid_request', 'The client secret is there twice.')
    const { id, secret } = basicPair(authorization).decoded
    if (inForm !== null && inForm !== id) throw new OAuthRefusal('invalid_request', 'There are two client ids.')
    return this.#checked(id, secret)
  }

  #checked(id: string, secret: string): string {
    if (secret !== this.#options.clientSecret) throw REFUSALS.clientDenied()
    return this.#knownClient(id)
  }

  #knownClient(id: string | null): string {
    if (id !== this.#options.clientId) throw REFUSALS.clientDenied()
    return id
  }

  #isAccessKey(id: unknown, secret: unknown): boolean {
    return id === this.#options.accessKeyId && secret === this.#options.accessKeySecret
  }

  /** {@link ACCESS_KEY_PATH} */
  async #signIn(request: Request, origin: string): Promise<Response> {
    const { accessKeyId, accessKeySecret } = await this.#readObject(request)
    if (!this.#isAccessKey(accessKeyId, accessKeySecret)) {
      throw new CxoneRefusal(401, 'unauthorized', 'The access key is invalid.')
    }
    const owner = { accessKeyId: this.#options.accessKeyId, clientId: undefined }
    const { accessToken, refreshToken, idToken, expiresIn } = this.#sessions.signIn(owner, origin)
    const body = {
      access_token: accessToken,
      refresh_token: refreshToken,
      id_token: idToken,
      expires_in: expiresIn,
      resource_server_base_uri: `${origin}/incontactapi/`,
    }
    return json(200, body, NOT_KEPT)
  }

  /** {@link REFRESH_PATH} */
  async #refresh(request: Request, origin: string): Promise<Response> {
    const { token } = await this.#readObject(request)
    const pair = typeof token === 'string' ? this.#sessions.refresh(token, undefined, origin) : undefined
    if (!pair) throw new CxoneRefusal(401, 'unauthorized', 'The refresh token is invalid or has expired.')
    const body = {
      token: pair.accessToken,
      refreshToken: pair.refreshToken,
      tokenExpirationTimeSec: pair.expiresIn,
      refreshTokenExpirationTimeSec: pair.refreshExpiresIn,
    }
    return json(200, body, NOT_KEPT)
  }

  async #readObject(request: Request): Promise<Record<string, unknown>> {
    const body = await readJson(request, this.#options.limits.requestBytes, REFUSALS)
    if (!isObject(body)) throw badRequest('The request body is not an object.')
    return body
  }
}

function needed(form: URLSearchParams, name: string): string {
  const value = form.get(name)
  if (value === null) throw new OAuthRefusal('invalid_request', `The parameter ${name} is missing.`)
  return value
}
