import { expect, test } from '@jest/globals'
import { ReadableStream } from 'node:stream/web'
import { fetchBody } from '../../src/http/fetch-body.js'
import { turn } from '../waiting.js'

test.each([undefined, null])(
  'a body of %j in init leaves that of the Request, which can be sent again',
  async (body) => {
    const request = new Request('https://api.test', { method: 'POST', body: 'whole' })
    const sent = fetchBody(request, { ...(body === null && { body }) }, 100)
    const first = sent.next()
    expect(first.input).toBe(request)
    expect(await request.text()).toBe('whole')
    expect(sent.replayable).toBe(true)
    const second = sent.next()
    expect(await (second.input as Request).text()).toBe('whole')
    sent.finish()
  },
)

test('the clone of a Request is let go of when its body will not be sent again', async () => {
  let isCancelled = false
  let give!: () => void
  const body = new ReadableStream({
    start: (controller) => void (give = () => controller.enqueue(Buffer.from('x'))),
    cancel: () => void (isCancelled = true),
  })
  const request = new Request('https://api.test', { method: 'POST', body, duplex: 'half' })
  const sent = fetchBody(request, undefined, 100)
  sent.next()
  give()
  await turn()
  sent.finish()
  give()
  await turn()
  // A stream that was cloned ends when both of its branches do.
  void request.body?.cancel()
  await turn()
  expect(isCancelled).toBe(true)
})
