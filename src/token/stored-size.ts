import { TokenError } from '../base/errors.js'

/** The most bytes of a value as a store holds it, sealed. A token response has 64 KiB at most, so none comes near. */
export const MAX_STORED = 2 * 1024 * 1024

/** Throws {@link TokenError} `token_store_failed` for a value that no store would read again. */
export function checkStoredSize(text: string): void {
  const size = Buffer.byteLength(text)
  if (size <= MAX_STORED) return
  const message = `Cannot store the tokens: they take ${size} bytes, and the limit is ${MAX_STORED}. Request smaller ones.`
  throw new TokenError('token_store_failed', message, { requestSent: false })
}
