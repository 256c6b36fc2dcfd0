import { json } from '../platform/responses.js'
import { OAuthRefusal, Refusal, type Arrival } from '../platform/refusal.js'

/** What else an {@link ApiRefusal} carries. */
export interface RefusalDetails {
  /** Which limit was exceeded. */
  limit?: { key: string; namespace: string; value: number } | undefined
  messageParams?: Record<string, string> | undefined
  headers?: Record<string, string> | undefined
}

/** Thrown wherever the API says no. The simulator answers it with Genesys' `ErrorBody`. */
export class ApiRefusal extends Refusal {
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
  response({ id }: Arrival): Response {
    const { messageParams, headers, limit } = this.details
    const body = {
      message: this.message,
      code: this.code,
      status: this.status,
      ...(messageParams && { messageParams }),
      contextId: id,
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

/** RFC 6749 section 5.2, with Genesys' doubled description. */
export class LoginRefusal extends OAuthRefusal {
  protected override body(): Record<string, string> {
    return { error: this.error, description: this.message, error_description: this.message }
  }
}
