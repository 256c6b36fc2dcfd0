import { ApiRefusal } from './answers.js'
import type { LiveToken } from './access-tokens.js'

/** An API request whose token is good. */
export interface ApiCall {
  readonly request: Request
  readonly url: URL
  readonly token: LiveToken
  /** What stands in the path where the route has a place for it. */
  readonly parameter: string
}

/** The body of a POST: JSON of at most so many bytes. */
export async function readJson(request: Request, maximum: number): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new ApiRefusal(415, 'unsupported.media.type', `The content type [${type}] is not supported.`)
  }
  const text = await readText(request, maximum)
  try {
    return JSON.parse(text)
  } catch {
    throw new ApiRefusal(400, 'bad.request', 'The request body is not JSON.')
  }
}

async function readText(request: Request, maximum: number): Promise<string> {
  if (request.body === null) return ''
  const reader = (request.body as ReadableStream<Uint8Array>).getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    chunks.push(read.value)
    length += read.value.length
    if (length > maximum) {
      await reader.cancel()
      const message = `The request is over the size limit. Maximum bytes: ${maximum}`
      throw new ApiRefusal(413, 'request.entity.too.large', message)
    }
  }
  return Buffer.concat(chunks).toString()
}
