import type { Refusals } from './refusal.js'

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

async function readText(request: Request, maximum: number, refusals: Refusals): Promise<string> {
  if (request.body === null) return ''
  const reader = (request.body as ReadableStream<Uint8Array>).getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    chunks.push(read.value)
    length += read.value.length
    if (length > maximum) {
      await reader.cancel()
      throw refusals.bodyTooLarge(maximum)
    }
  }
  return Buffer.concat(chunks).toString()
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
