import { afterEach, describe, expect, test } from '@jest/globals'
import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { Agent, getGlobalDispatcher, interceptors, MockAgent, setGlobalDispatcher } from 'undici'
import type { Socket } from 'node:net'
import type { Dispatcher } from 'undici'
import { downloadResult } from '../../src/cxone/result-download.js'
import { bearer, staticToken } from '../../src/index.js'
import { resolveTo } from './resolve-to.js'
import { closeServers, loopback } from '../http/loopback.js'
import type { Listener } from '../http/loopback.js'
import { all, closeLater, errorOf, everythingOf } from '../platform/connection.js'

afterEach(closeServers)

const SIGNATURE = 'canary-signature-7f3a'
const API = 'https://api.example.com'

/** A host of results, and a download from it. */
async function host(listener: Listener, compose: (agent: Agent, origin: string) => Dispatcher = (agent) => agent) {
  const server = await loopback(listener)
  const agent = new Agent()
  closeLater({ close: () => agent.destroy() })
  const caller = new AbortController()
  const download = () =>
    downloadResult({
      url: `${server.origin}/results/1.csv?signature=${SIGNATURE}`,
      apiUrl: server.origin,
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
    await expect(text()).rejects.toMatchObject({ code: 'api_response_invalid', status: 302 })
    expect(elsewhere.hits).toEqual([])
  })

  test.each([
    [403, 'api_forbidden'],
    [404, 'api_not_found'],
    [410, 'api_bad_request'],
    [503, 'api_server_error'],
    [204, 'api_response_invalid'],
    [206, 'api_response_invalid'],
  ])('that is answered %i is %s', async (status, code) => {
    const { text } = await host((_incoming, outgoing) => void outgoing.writeHead(status).end())
    await expect(text()).rejects.toMatchObject({ code, status })
  })

  test('that is compressed is refused: what would be rows is none', async () => {
    const { text } = await host((_incoming, outgoing) => {
      outgoing.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('a\n1\n'))
    })
    await expect(text()).rejects.toMatchObject({ code: 'api_response_invalid' })
  })

  test('that ends with its connection alone is refused: a part of it would pass for the whole', async () => {
    const { text } = await host((_incoming, outgoing) => {
      outgoing.socket?.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\na\n1\n')
    })
    await expect(text()).rejects.toMatchObject({ code: 'api_response_invalid' })
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
      const error = await errorOf(
        downloadResult({ url, apiUrl: API, dispatcher: undefined, signal: new AbortController().signal }),
      )
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

describe('a result whose address is not public [R41]', () => {
  /** What comes of an address that an API at `apiUrl` names. */
  async function outcome(url: string, apiUrl: string, dispatcher?: Dispatcher): Promise<string> {
    const download = downloadResult({ url, apiUrl, dispatcher, signal: new AbortController().signal })
    return download.then(
      async (body) => Buffer.concat(await all(body)).toString(),
      (error: unknown) => (error as { code: string }).code,
    )
  }

  /** A dispatcher that carries everything and remembers it. */
  function recorder() {
    const hosts: unknown[] = []
    const network = new MockAgent()
    closeLater(network)
    const dispatcher = network.compose((dispatch) => (options, handler) => {
      hosts.push(options.origin)
      return dispatch(options, handler)
    })
    network.disableNetConnect()
    return { hosts, dispatcher }
  }

  const NOT_PUBLIC = [
    'https://127.0.0.1/x',
    'https://2130706433/x',
    'https://0x7f000001/x',
    'https://0177.0.0.1/x',
    'https://127.1/x',
    'https://localhost/x',
    'https://localhost./x',
    'https://files.localhost/x',
    'https://[::1]/x',
    'https://[::ffff:127.0.0.1]/x',
    'https://[64:ff9b::127.0.0.1]/x',
    'https://0.0.0.0/x',
    'https://[::]/x',
    'https://10.0.0.1/x',
    'https://172.31.255.255/x',
    'https://192.168.0.1/x',
    'https://100.64.0.1/x',
    'https://169.254.169.254/latest/meta-data',
    'https://[fe80::1]/x',
    'https://[fd00::1]/x',
    'https://[2002:7f00:1::]/x',
    'https://224.0.0.1/x',
    'http://127.0.0.1/x',
    'http://localhost/x',
    'http://[::1]/x',
  ]

  test.each(NOT_PUBLIC)('is rejected behind a dispatcher of the caller: %s', async (url) => {
    const { hosts, dispatcher } = recorder()
    expect(await outcome(url, API, dispatcher)).toBe('unsafe_link')
    expect(hosts).toEqual([])
  })

  test.each(NOT_PUBLIC)('is rejected without a dispatcher too: %s', async (url) => {
    resolveTo({ 'api.example.com': ['203.0.113.1'] })
    expect(await outcome(url, API)).toBe('unsafe_link')
  })

  test('is fetched behind a dispatcher if the address of the API is of the same kind', async () => {
    const network = new MockAgent()
    closeLater(network)
    network.disableNetConnect()
    const reply = { headers: { 'content-length': '4' } }
    network.get('https://10.0.0.1').intercept({ path: '/x' }).reply(200, 'rows', reply)
    expect(await outcome('https://10.0.0.1/x', 'https://[::ffff:192.168.0.1]', network)).toBe('rows')
    expect(await outcome('https://127.0.0.1/x', 'https://10.0.0.1', network)).toBe('unsafe_link')
  })

  test('ends with its signal while the name of the API is resolved', async () => {
    resolveTo({}).mockImplementation(() => undefined)
    const caller = new AbortController()
    const { signal } = caller
    const download = downloadResult({ url: 'https://10.0.0.1/x', apiUrl: API, dispatcher: undefined, signal })
    caller.abort('enough')
    await expect(download).rejects.toBe('enough')
  })

  test('is rejected with its host in the error, and nothing else of its address', async () => {
    const { dispatcher } = recorder()
    for (const [url, message] of [
      [
        `https://10.0.0.1:8443/results/?${SIGNATURE}`,
        "The result at https://10.0.0.1:8443 is not downloaded: its address is not public (private), and the API's is not of that kind. Report it to NICE CXone.",
      ],
      [
        `http://localhost:80/results/?${SIGNATURE}`,
        'The result at http://localhost is not downloaded: its address is not https. Report it to NICE CXone.',
      ],
    ] as const) {
      const { signal } = new AbortController()
      const error = await errorOf(downloadResult({ url, apiUrl: API, dispatcher, signal }))
      expect(error.message).toBe(message)
      expect(everythingOf(error)).not.toMatch(/canary|results/)
    }
  })

  test.each(['127.0.0.1', '::1', '0.0.0.0', '10.0.0.1', '169.254.169.254', 'fe80::1', '::ffff:127.0.0.1'])(
    'is rejected before there is a connection, if its name resolves to %s',
    async (address) => {
      const server = await loopback()
      let connections = 0
      server.server.on('connection', () => void (connections += 1))
      const lookup = resolveTo({ 'files.example.com': [address], 'api.example.com': ['203.0.113.1'] })
      const url = `https://files.example.com:${server.port}/results/?${SIGNATURE}`
      const { signal } = new AbortController()
      const error = await errorOf(downloadResult({ url, apiUrl: API, dispatcher: undefined, signal }))
      expect(error).toMatchObject({
        code: 'unsafe_link',
        message: expect.stringMatching(
          /^The result at https:\/\/files\.example\.com:\d+ is not downloaded: its address is not public \(.*`dispatcher`\.$/,
        ),
      })
      expect(everythingOf(error)).not.toContain(SIGNATURE)
      expect(lookup.mock.calls.map(([name]) => name)).toEqual(['files.example.com', 'api.example.com'])
      expect(connections).toBe(0)
    },
  )

  test('is connected to if the API resolves to the same kind of address', async () => {
    const server = await loopback()
    const connected = once(server.server, 'connection')
    resolveTo({ 'files.example.com': ['127.0.0.1'], 'api.example.com': ['127.0.0.1'] })
    // The server speaks no TLS.
    expect(await outcome(`https://files.example.com:${server.port}/x`, API)).toBe('api_unreachable')
    await connected
  })

  test.each(['http://127.0.0.1', 'http://localhost', 'http://[::1]:8080'])(
    'is fetched on loopback, if the API is on loopback too: %s',
    async (apiUrl) => {
      const server = await loopback((_incoming, outgoing) => void outgoing.end('rows'))
      resolveTo({ localhost: ['127.0.0.1'] })
      expect(await outcome(`${server.origin}/x`, apiUrl)).toBe('rows')
      expect(await outcome(`http://localhost:${server.port}/x`, apiUrl)).toBe('rows')
      expect(await outcome(`${server.origin}/x`, apiUrl, getGlobalDispatcher())).toBe('rows')
      expect(await outcome('https://10.0.0.1/x', apiUrl)).toBe('unsafe_link')
    },
  )
})

describe('a download without a dispatcher of the caller', () => {
  test('goes through the dispatcher that the process has set', async () => {
    const before = getGlobalDispatcher()
    const network = new MockAgent()
    network.disableNetConnect()
    network
      .get('https://files.example.com')
      .intercept({ path: '/x' })
      .reply(200, 'rows', { headers: { 'content-length': '4' } })
    const lookup = resolveTo({})
    setGlobalDispatcher(network)
    try {
      const { signal } = new AbortController()
      const body = await downloadResult({
        url: 'https://files.example.com/x',
        apiUrl: API,
        dispatcher: undefined,
        signal,
      })
      expect(Buffer.concat(await all(body)).toString()).toBe('rows')
    } finally {
      setGlobalDispatcher(before)
      await network.close()
    }
    expect(lookup).not.toHaveBeenCalled()
  })

  test.each(['read', 'left', 'refused', 'aborted'] as const)('keeps no connection once it is %s', async (end) => {
    const server = await loopback((_incoming, outgoing) => {
      outgoing.writeHead(end === 'refused' ? 403 : 200, { 'content-length': '4' })
      outgoing.write('ro')
      if (end === 'read' || end === 'refused') outgoing.end('ws')
    })
    const connected = once(server.server, 'connection')
    const caller = new AbortController()
    const download = downloadResult({
      url: `${server.origin}/x`,
      apiUrl: server.origin,
      dispatcher: undefined,
      signal: caller.signal,
    })
    const [socket] = (await connected) as [Socket]
    const closed = once(socket, 'close')
    if (end === 'refused') await errorOf(download)
    else {
      for await (const _chunk of await download) {
        if (end === 'left') break
        if (end === 'aborted') caller.abort('enough')
        if (end === 'aborted') break
      }
    }
    await closed
  })
})
