import { ApiRefusal, badCredentials, json, OAuthRefusal, tokenRateLimited, tooManyRequests } from './answers.js'
import type { Fault } from './faults.js'

const HUGE = 2 ** 30
const SLOW = 5_000

/** What a fault needs to know of the request that it happens to. */
export interface FaultContext {
  /** Whether the request is one to the token endpoint. */
  readonly forToken: boolean
  readonly correlationId: string
  readonly simulator: { revokeTokens(): void; failJobs(): void; expireJobs(): void }
  /** The answer that there would have been. */
  readonly usual: () => Promise<Response>
}

/** Milliseconds before a fault happens. */
export function delayOf({ kind, delay = kind === 'slow' ? SLOW : 0 }: Readonly<Fault>): number {
  return delay
}

/** What a fault answers. `Response.error()` stands for a destroyed connection. */
export async function faultAnswer({ kind, retryAfter }: Readonly<Fault>, context: FaultContext): Promise<Response> {
  const refuse = (refusal: ApiRefusal) => refusal.answer(context.correlationId)
  const after = retryAfter === undefined ? {} : { headers: { 'retry-after': String(retryAfter) } }
  switch (kind) {
    case 'unauthorized':
      return context.forToken
        ? new OAuthRefusal('invalid_client', 'authentication failed').answer()
        : refuse(badCredentials())
    case 'revoked':
      context.simulator.revokeTokens()
      return context.usual()
    case 'job-failed':
      context.simulator.failJobs()
      return context.usual()
    case 'job-expired':
      context.simulator.expireJobs()
      return context.usual()
    case 'ip-not-authorized':
      return refuse(new ApiRefusal(401, 'ip.not.authorized', 'Requests from this address are not authorized.'))
    case 'rate-limited':
      return context.forToken ? tokenRateLimited(retryAfter ?? 1).answer() : refuse(tooManyRequests(retryAfter ?? 1))
    case 'internal-error':
      return refuse(new ApiRefusal(500, 'internal.server.error', 'The server failed to handle the request.'))
    case 'bad-gateway':
      return html(502, 'Bad Gateway')
    case 'unavailable':
      return refuse(new ApiRefusal(503, 'service.unavailable', 'The service is not available for now.', after))
    case 'gateway-timeout':
      return refuse(new ApiRefusal(504, 'request.timeout', 'The request took too long.'))
    case 'slow':
      return context.usual()
    case 'cut':
    case 'down':
      return Response.error()
    case 'cut-body':
      return cutInTheMiddle(await context.usual())
    case 'html':
      return html(200, 'Welcome')
    case 'huge':
      return endless()
    case 'not-json':
      return new Response('{"entities":[{"id":', { headers: { 'content-type': 'application/json' } })
    case 'schema':
      return json(200, { entities: 'none', conversations: 'none', totalHits: 'many', access_token: 42, token_type: [] })
  }
}

function html(status: number, title: string): Response {
  const page = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`
  return new Response(page, { status, headers: { 'content-type': 'text/html; charset=utf-8' } })
}

async function cutInTheMiddle(whole: Response): Promise<Response> {
  const bytes = new Uint8Array(await whole.arrayBuffer())
  if (bytes.length === 0) return Response.error()
  let sent = false
  const half = new ReadableStream<Uint8Array>({
    pull(controller) {
      // Half first and the end only when asked for more, or the half would be thrown away along with the rest.
      if (sent) controller.error(new Error('cut'))
      else controller.enqueue(bytes.subarray(0, Math.ceil(bytes.length / 2)))
      sent = true
    },
  })
  return new Response(half, { status: whole.status, headers: whole.headers })
}

function endless(): Response {
  const chunk = new Uint8Array(65_536).fill(0x20)
  let left = HUGE
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      // White space is legal before any JSON value: nothing but the length is wrong.
      controller.enqueue(chunk)
      left -= chunk.length
      if (left <= 0) controller.close()
    },
  })
  return new Response(body, { headers: { 'content-type': 'application/json' } })
}
