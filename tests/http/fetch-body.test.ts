import { expect, test } from '@jest/globals'
import { fetchBody } from '../../src/http/fetch-body.js'

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
