import { afterEach, describe, expect, test } from '@jest/globals'
import { gzipSync } from 'node:zlib'
import { Agent, interceptors } from 'undici'
import type { Dispatcher } from 'undici'
import { downloadResult } from '../../src/cxone/result-download.js'
import { bearer, staticToken } from '../../src/index.js'
import { closeServers, loopback } from '../http/loopback.js'
import type { Listener } from '../http/loopback.js'
import { all, closeLater, errorOf, everythingOf } from '../platform/connection.js'

afterEach(closeServers)

const SIGNATURE = 'canary-signature-7f3a'

/** A host of results, and a download from it. */
async function host(listener: Listener, compose: (agent: Agent, origin: string) => Dispatcher = (agent) => agent) {
  const server = await loopback(listener)
  const agent = new Agent()
  closeLater({ close: () => agent.destroy() })
  const caller = new AbortController()
  const download = () =>
    downloadResult({
      url: `${server.origin}/results/1.csv?signature=${SIGNATURE}`,
      dispatcher: compose(agent, server.origin),
      signal: caller.signal,
    })
  const text = async () => Buffer.concat(await all(await download())).toString()
  return { server, caller, download, text }
}

describe('a download', () => {
  test('brings the bytes, and sends nothing but the address and what it accepts', async () => {
    const { server, text } = await host((_incoming, outgoing) => void outgoing.end('a,b\n1,2\n'))
    expect(await text()).toBe('a,b\n1,2\n')
    expect(server.hits).toHaveLength(1)
    expect(server.hits[0]).toMatchObject({ method: 'GET', path: `/results/1.csv?signature=${SIGNATURE}` })
    expect(Object.keys(server.hits[0]!.headers).sort()).toEqual(['accept', 'connection', 'host'])
  })

  test('goes without a token through a dispatcher that stamps that very host', async () => {
    const stamps = (agent: Agent, origin: string) =>
      agent.compose(bearer(staticToken('a-bearer-token'), { origins: [origin] }))
    const { server, text } = await host((_incoming, outgoing) => void outgoing.end('a\n'), stamps)
    await text()
    expect(server.hits[0]?.authorization).toEqual([])
  })

  test('follows no redirect, also where the dispatcher would', async () => {
    const elsewhere = await loopback()
    const follows = (agent: Agent) => agent.compose(interceptors.redirect({ maxRedirections: 5 }))
    const { text } = await host((_incoming, outgoing) => {
      outgoing.writeHead(302, { location: `${elsewhere.origin}/` }).end()
    }, follows)
    await expect(text()).rejects.toMatchObject({ code: 'api_answer_invalid', status: 302 })
    expect(elsewhere.hits).toEqual([])
  })

  test.each([
    [403, 'api_forbidden'],
    [404, 'api_not_found'],
    [410, 'api_bad_request'],
    [503, 'api_server_error'],
    [204, 'api_answer_invalid'],
    [206, 'api_answer_invalid'],
  ])('that is answered %i is %s', async (status, code) => {
    const { text } = await host((_incoming, outgoing) => void outgoing.writeHead(status).end())
    await expect(text()).rejects.toMatchObject({ code, status })
  })

  test('that is compressed is refused: what would be rows is none', async () => {
    const { text } = await host((_incoming, outgoing) => {
      outgoing.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('a\n1\n'))
    })
    await expect(text()).rejects.toMatchObject({ code: 'api_answer_invalid' })
  })

  test('that ends with its connection alone is refused: a part of it would pass for the whole', async () => {
    const { text } = await host((_incoming, outgoing) => {
      outgoing.socket?.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\na\n1\n')
    })
    await expect(text()).rejects.toMatchObject({ code: 'api_answer_invalid' })
  })

  test.each(['before', 'within'] as const)('whose connection is lost %s its bytes can be tried again', async (when) => {
    const { text } = await host((_incoming, outgoing) => {
      if (when === 'before') outgoing.destroy()
      else outgoing.writeHead(200, { 'content-length': '100' }).write('a\n', () => outgoing.destroy())
    })
    await expect(text()).rejects.toMatchObject({ code: 'api_unreachable', retryable: true })
  })

  test.each(['before', 'within'] as const)('is ended by its signal %s its bytes, with the reason', async (when) => {
    const { caller, text } = await host((_incoming, outgoing) => {
      if (when === 'within') outgoing.writeHead(200).write('a\n')
      setImmediate(() => caller.abort('enough'))
    })
    await expect(text()).rejects.toBe('enough')
  })

  test('that is left ends its connection', async () => {
    const { server, download } = await host((_incoming, outgoing) => {
      outgoing.writeHead(200)
      const write = (): void => void outgoing.write('a\n'.repeat(1_000), (error) => error ?? write())
      write()
    })
    const closed = new Promise((resolve) =>
      server.server.once('connection', (socket) => void socket.once('close', resolve)),
    )
    for await (const _chunk of await download()) break
    await closed
  })

  test('is of https, or of loopback, and of nothing else', async () => {
    for (const url of [`http://files.example.com/?${SIGNATURE}`, `ftp://${SIGNATURE}/`, SIGNATURE, '']) {
      const error = await errorOf(downloadResult({ url, dispatcher: undefined, signal: new AbortController().signal }))
      expect(error).toMatchObject({ code: 'unsafe_link' })
      expect(everythingOf(error)).not.toContain(SIGNATURE)
    }
  })

  test('tells its host in errors, and nothing else of its address', async () => {
    const { server, text } = await host((_incoming, outgoing) => void outgoing.writeHead(403).end(SIGNATURE))
    const refused = await errorOf(text())
    closeServers()
    const unreachable = await errorOf(text())
    for (const error of [refused, unreachable]) {
      expect(error.message).toContain(server.origin)
      expect(everythingOf(error)).not.toContain(SIGNATURE)
      expect(everythingOf(error)).not.toContain('/results/')
    }
  })
})
