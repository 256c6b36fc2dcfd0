import type { AccessToken } from '../token/access-token.js'

/**
 * A dispatch option by which an endpoint client hears what became of a rejected token: the exchange's promise. The
 * caller of a plain request sees only the 401; a client with patience waits as long as the exchange's error asks for.
 */
export const REJECTION_REPORT: unique symbol = Symbol('everbearer.rejectionReport')

/** Dispatch options that may carry {@link REJECTION_REPORT}. */
export interface RejectionReportOption {
  [REJECTION_REPORT]?: (exchange: Promise<AccessToken>) => void
}
