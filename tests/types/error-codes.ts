// Which codes an error of a class can have. It is compiled as options.ts is, and never run.
import { ApiError, EverbearerError, SchemaError, TokenError } from '../../src/index.js'
import type { ApiErrorCode, ErrorCode, TokenErrorCode } from '../../src/index.js'

export function codes(error: unknown): ErrorCode | undefined {
  if (error instanceof TokenError) {
    const code: TokenErrorCode = error.code
    if (error.code === 'token_denied') return error.code
    // @ts-expect-error a code of another class
    if (error.code === 'api_forbidden') return undefined
    return code
  }
  if (error instanceof ApiError) {
    const code: ApiErrorCode = error.code
    // @ts-expect-error a code of another class
    if (error.code === 'token_denied') return undefined
    return code
  }
  if (error instanceof SchemaError) {
    const code: 'schema_mismatch' = error.code
    return code
  }
  if (error instanceof EverbearerError) {
    // @ts-expect-error a misspelt code
    if (error.code === 'token_denyed') return undefined
    return error.code
  }
  return undefined
}

export function ownErrors() {
  // @ts-expect-error a grant of one's own throws the codes of a TokenError
  return [new TokenError('token_denied', 'No.'), new TokenError('api_forbidden', 'No.')]
}
