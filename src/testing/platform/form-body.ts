import type { Refusals } from './refusal.js'
import { readText } from './request-text.js'

const FORM = 'application/x-www-form-urlencoded'

/** Reads the form that a token endpoint is sent, of at most so many bytes. Returns undefined for any other body. */
export async function readForm(
  request: Request,
  maximum: number,
  refusals: Refusals,
): Promise<URLSearchParams | undefined> {
  if (!request.headers.get('content-type')?.toLowerCase().startsWith(FORM)) return undefined
  return new URLSearchParams(await readText(request, maximum, refusals))
}
