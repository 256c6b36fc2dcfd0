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

/** A page of HTML, as a proxy in between answers. */
export function html(status: number, title: string): Response {
  const page = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`
  return new Response(page, { status, headers: { 'content-type': 'text/html; charset=utf-8' } })
}

/** The first half of an answer's body, and then an error. */
export async function cutInTheMiddle(whole: Response): Promise<Response> {
  const bytes = new Uint8Array(await whole.arrayBuffer())
  if (bytes.length === 0) return Response.error()
  let sent = false
  const half = new ReadableStream<Uint8Array>({
    pull(controller) {
      // Half first and the end only when asked for more, or the half would be thrown away along with the rest.
      if (sent) controller.error(new Error('cut'))
      else controller.enqueue(bytes.subarray(0, Math.ceil(bytes.length / 2)))
      sent = true
    },
  })
  return new Response(half, { status: whole.status, headers: whole.headers })
}

const HUGE = 2 ** 30

/** A body of 1 GB, made as fast as it is read. */
export function endless(): Response {
  const chunk = new Uint8Array(65_536).fill(0x20)
  let left = HUGE
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      // White space is legal before any JSON value: nothing but the length is wrong.
      controller.enqueue(chunk)
      left -= chunk.length
      if (left <= 0) controller.close()
    },
  })
  return new Response(body, { headers: { 'content-type': 'application/json' } })
}
