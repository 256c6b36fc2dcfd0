/** Anything that answers requests in the process. */
interface Fetcher {
  fetch(request: Request): Promise<Response>
}

/** Speaks to a simulator by hand, so that its tests depend on nothing of ours that they might share a mistake with. */
export class BearerCaller<Simulator extends Fetcher> {
  readonly simulator: Simulator
  readonly origin: string
  token = ''

  constructor(simulator: Simulator, origin: string) {
    this.simulator = simulator
    this.origin = origin
  }

  send(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Response> {
    const init = {
      method,
      headers: { authorization: `Bearer ${this.token}`, accept: 'application/json', ...headers },
      ...(body !== undefined && { body }),
    }
    return this.simulator.fetch(new Request(`${this.origin}${path}`, init))
  }

  sendJson(method: string, path: string, body: unknown): Promise<Response> {
    return this.send(method, path, { 'content-type': 'application/json' }, JSON.stringify(body))
  }

  get(path: string): Promise<Response> {
    return this.send('GET', path)
  }

  /** Sends a form, without a bearer token. */
  sendForm(path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    const init = { method: 'POST', headers, body: new URLSearchParams(form) }
    return this.simulator.fetch(new Request(`${this.origin}${path}`, init))
  }
}

/** What HTTP Basic sends for a pair as it is. */
export function basic(pair: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}
