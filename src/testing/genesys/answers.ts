/** A JSON answer of a known length. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  const text = JSON.stringify(body)
  return new Response(text, {
    status,
    headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)), ...headers },
  })
}

/** An answer without a body. */
export function empty(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers })
}

/** What else an {@link ApiRefusal} carries. */
export interface RefusalDetails {
  /** Which limit was exceeded. */
  limit?: { key: string; namespace: string; value: number }
  messageParams?: Record<string, string>
  headers?: Record<string, string>
}

/** Thrown wherever the API says no. The simulator answers it with Genesys' `ErrorBody`. */
export class ApiRefusal extends Error {
  readonly status: number
  readonly code: string
  readonly details: RefusalDetails

  constructor(status: number, code: string, message: string, details: RefusalDetails = {}) {
    super(message)
    this.status = status
    this.code = code
    this.details = details
  }

  /** `ErrorBody` names further members (of an entity) for cases that are not simulated. */
  answer(correlationId: string): Response {
    const { messageParams, headers, limit } = this.details
    const body = {
      message: this.message,
      code: this.code,
      status: this.status,
      ...(messageParams && { messageParams }),
      contextId: correlationId,
      details: [],
      errors: [],
      ...(limit && { limit }),
    }
    return json(this.status, body, headers)
  }
}

/** 400 for something real that the simulator would otherwise have to leave out of account, giving a wrong answer. */
export function notModelled(what: string): ApiRefusal {
  return new ApiRefusal(400, 'bad.request', `${what} is not modelled by the simulator.`)
}

/** 400 for a value that is not one of those that a field can have. */
export function invalidValue(field: string, value: unknown, allowed: readonly string[]): ApiRefusal {
  const message = `Value [${String(value)}] is not valid for field type [${field}]. Allowable values are: ${allowed.join(', ')}`
  return new ApiRefusal(400, 'invalid.value', message)
}

/** 429 in the words of every Genesys limit since November 2021. */
export function tooManyRequests(retryAfter: number, limit?: RefusalDetails['limit']): ApiRefusal {
  const message = `Rate limit exceeded the maximum. Retry the request in [${retryAfter}] seconds`
  return new ApiRefusal(429, 'too.many.requests.retry.after', message, {
    headers: { 'retry-after': String(retryAfter) },
    ...(limit && { limit }),
  })
}

/** 401 for a token that is unknown, expired or revoked. */
export function badCredentials(): ApiRefusal {
  return new ApiRefusal(401, 'bad.credentials', 'Invalid login credentials.')
}

/** Thrown wherever the authorization server says no: RFC 6749 section 5.2, with Genesys' doubled description. */
export class OAuthRefusal extends Error {
  readonly error: string

  constructor(error: string, description: string) {
    super(description)
    this.error = error
  }

  answer(): Response {
    const body = { error: this.error, description: this.message, error_description: this.message }
    return json(400, body, { 'cache-control': 'no-store' })
  }
}

/** The token endpoint's own way to say 429. */
export function tokenRateLimited(retryAfter: number): OAuthRefusal {
  return new OAuthRefusal(
    'invalid_request',
    `rate limit exceeded; too many token requests, try again in ${retryAfter} s`,
  )
}
