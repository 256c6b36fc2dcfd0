import type { FaultRefusals } from '../platform/fault-responses.js'
import { Refusal } from '../platform/refusal.js'

/** Thrown wherever the result host says no. Its answers are S3's. */
export class ResultRefusal extends Refusal {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }

  response(): Response {
    const error = `<Error><Code>${this.code}</Code><Message>${this.message}</Message></Error>`
    const headers = { 'content-type': 'application/xml' }
    return new Response(`<?xml version="1.0" encoding="UTF-8"?>\n${error}`, { status: this.status, headers })
  }
}

/** 403 */
export function denied(message: string): ResultRefusal {
  return new ResultRefusal(403, 'AccessDenied', message)
}

const notAllowed = () => denied('Access Denied')
const slowDown = () => new ResultRefusal(503, 'SlowDown', 'Please reduce your request rate.')

/** The words of the result host for what faults do to it. */
export const RESULT_REFUSALS: FaultRefusals = {
  tokenBad: notAllowed,
  addressRefused: notAllowed,
  clientDenied: notAllowed,
  tooManyRequests: slowDown,
  tokenRateLimited: slowDown,
  internalError: () => new ResultRefusal(500, 'InternalError', 'We encountered an internal error. Please try again.'),
  unavailable: () => new ResultRefusal(503, 'ServiceUnavailable', 'Service is unable to handle request.'),
  gatewayTimeout: () => new ResultRefusal(504, 'GatewayTimeout', 'The request took too long.'),
}
