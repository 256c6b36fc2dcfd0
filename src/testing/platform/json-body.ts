import type { Refusals } from './refusal.js'
import { readText } from './request-text.js'

/** The body of a POST: JSON of at most so many bytes. */
export async function readJson(request: Request, maximum: number, refusals: Refusals): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type)) throw refusals.typeNotSupported(type)
  const text = await readText(request, maximum, refusals)
  try {
    return JSON.parse(text)
  } catch {
    throw refusals.bodyNotJson()
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
