import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { runInNewContext } from 'node:vm'
import { Agent } from 'undici'
import { describeFailure } from '../../src/base/network-failure.js'

function failure(members: object, message = 'what it says'): Error {
  return Object.assign(new Error(message), members)
}

describe('describeFailure', () => {
  it.each([
    [
      failure({ code: 'ECONNREFUSED', syscall: 'connect' }, 'connect ECONNREFUSED 127.0.0.1:1'),
      'connect ECONNREFUSED 127.0.0.1:1',
      true,
      false,
    ],
    [
      failure({ code: 'ENOTFOUND', syscall: 'getaddrinfo' }, 'getaddrinfo ENOTFOUND a'),
      'getaddrinfo ENOTFOUND a',
      true,
      false,
    ],
    [failure({ code: 'ECONNREFUSED' }), 'ECONNREFUSED', true, false],
    [failure({ code: 'ENOTFOUND' }), 'ENOTFOUND', true, false],
    [failure({ code: 'EAI_AGAIN' }), 'EAI_AGAIN', true, false],
    [failure({ code: 'UND_ERR_CONNECT_TIMEOUT' }), 'UND_ERR_CONNECT_TIMEOUT', true, false],
    [failure({ code: 'ETIMEDOUT', syscall: 'connect' }), 'what it says', true, false],
    [failure({ code: 'EHOSTUNREACH', syscall: 'connect' }), 'what it says', true, false],
    [failure({ code: 'EHOSTUNREACH', syscall: 'read' }), 'what it says', true, true],
    [failure({ code: 'ECONNRESET', syscall: 'read' }, 'read ECONNRESET'), 'read ECONNRESET', true, true],
    [failure({ code: 'UND_ERR_SOCKET' }), 'UND_ERR_SOCKET', true, true],
    [failure({ code: 'UND_ERR_HEADERS_TIMEOUT' }), 'UND_ERR_HEADERS_TIMEOUT', true, true],
    [failure({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'DEPTH_ZERO_SELF_SIGNED_CERT', false, false],
    [failure({ code: 'SELF_SIGNED_CERT_IN_CHAIN' }), 'SELF_SIGNED_CERT_IN_CHAIN', false, false],
    [failure({ code: 'CERT_HAS_EXPIRED' }), 'CERT_HAS_EXPIRED', false, false],
    [failure({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', false, false],
    [failure({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), 'ERR_TLS_CERT_ALTNAME_INVALID', false, false],
    [failure({ code: 'UND_ERR_INVALID_ARG' }), 'UND_ERR_INVALID_ARG', false, false],
    [failure({ code: 'UND_ERR_NOT_SUPPORTED' }), 'UND_ERR_NOT_SUPPORTED', false, false],
    [failure({ code: 'UND_ERR_CLOSED' }), 'UND_ERR_CLOSED', false, false],
    [failure({ code: 'UND_ERR_DESTROYED' }), 'UND_ERR_DESTROYED', false, true],
    [new DOMException('what it says', 'AbortError'), 'AbortError', true, true],
    [new TypeError('what it says'), 'TypeError', true, true],
    ['what it says', 'string', true, true],
    [undefined, 'undefined', true, true],
  ])('of %p says %s', (error, text, transient, sent) => {
    expect(describeFailure(error)).toEqual({ text, transient, sent })
  })

  it.each([
    ['a cause', new TypeError('fetch failed', { cause: failure({ code: 'ECONNREFUSED' }) })],
    ['a cause of a cause', new Error('x', { cause: new Error('y', { cause: failure({ code: 'ECONNREFUSED' }) }) })],
    ['one of several addresses', new AggregateError([failure({ code: 'ECONNREFUSED' }), failure({ code: 'OTHER' })])],
    ['another realm', runInNewContext("Object.assign(new Error('x'), { code: 'ECONNREFUSED' })")],
  ])('finds it in %s', (_, error) => {
    expect(describeFailure(error)).toEqual({ text: 'ECONNREFUSED', transient: true, sent: false })
  })

  it('ends with causes that go round in a circle', () => {
    const inner = failure({ code: 'ECONNREFUSED' })
    const outer = new Error('outer', { cause: inner })
    inner.cause = outer
    expect(describeFailure(outer)).toMatchObject({ text: 'ECONNREFUSED' })
  })

  it('does with an empty list of addresses, and with a cause that is no error', () => {
    expect(describeFailure(new AggregateError([]))).toMatchObject({ text: 'AggregateError' })
    expect(describeFailure(new RangeError('x', { cause: 'a header' }))).toMatchObject({ text: 'RangeError' })
  })
})

describe('describeFailure, of a real dispatcher', () => {
  let server: Server
  let origin: string
  beforeAll(async () => {
    server = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(server, 'listening')
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const ask = (agent: Agent) =>
    agent.request({ origin, path: '/', method: 'POST', body: 'x' }).then(() => undefined, describeFailure)

  it('a request that was under way when it was destroyed may have been sent', async () => {
    const agent = new Agent()
    const outcome = ask(agent)
    await once(server, 'request')
    await agent.destroy()
    expect(await outcome).toEqual({ text: 'UND_ERR_DESTROYED', transient: false, sent: true })
  })

  it('one that is being closed sends nothing more', async () => {
    const agent = new Agent()
    const outcome = ask(agent)
    await once(server, 'request')
    const closing = agent.close()
    expect(await ask(agent)).toEqual({ text: 'UND_ERR_CLOSED', transient: false, sent: false })
    server.closeAllConnections()
    await Promise.all([closing, outcome])
  })
})
