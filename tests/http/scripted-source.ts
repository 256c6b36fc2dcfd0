import { TokenError } from '../../src/base/errors.js'
import { AccessToken } from '../../src/token/access-token.js'
import type { Prover } from '../../src/token/prover.js'
import type { GetTokenOptions, TokenSource } from '../../src/token/token-source.js'

/**
 * A source with a list of tokens: it serves the first, and each rejection of that one leads to the next. After the last
 * there is none. A gate, while it is set, holds `getToken` up.
 */
export class ScriptedSource implements TokenSource {
  readonly asked: GetTokenOptions[] = []
  gate: Promise<unknown> | undefined
  #tokens: AccessToken[]
  /** Whether the token can be had without waiting. */
  #ready: boolean

  /** With a prover they are DPoP tokens. */
  constructor(tokens: readonly string[], { ready = true, prover }: { ready?: boolean; prover?: Prover } = {}) {
    this.#tokens = tokens.map((value) => new AccessToken(value, { prover }))
    this.#ready = ready
  }

  /** The values of the tokens that were reported as rejected. */
  get rejected(): (string | undefined)[] {
    return this.asked.map(({ rejected }) => rejected?.reveal())
  }

  current(): AccessToken | undefined {
    return this.#ready ? this.#tokens[0] : undefined
  }

  async getToken(options: GetTokenOptions = {}): Promise<AccessToken> {
    options.signal?.throwIfAborted()
    this.asked.push(options)
    const { signal, rejected } = options
    if (this.gate) await untilAborted(this.gate, signal)
    this.#ready = true
    const [first] = this.#tokens
    if (first && rejected?.equals(first)) this.#tokens = this.#tokens.slice(1)
    const [token] = this.#tokens
    if (token === undefined) throw new TokenError('token_denied', 'The script has no further token.')
    return token
  }
}

function untilAborted(promise: Promise<unknown>, signal: AbortSignal | undefined): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal?.reason as Error)
    signal?.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal?.removeEventListener('abort', onAbort))
  })
}
