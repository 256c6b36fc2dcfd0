import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { RawResponse } from './hostile-server.js'

/** A whole answer, with its length. */
export function plain(status: number, body: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ 'content-type': 'application/json', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  return `HTTP/1.1 ${status} x\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

const KIB = 1024
const MIB = KIB * KIB
/** 1 MiB of zeros a member: a body of members is inflated to all of them. */
const MEMBER = gzipSync(Buffer.alloc(MIB))
const NESTED = 100_000

const chunk = (bytes: Buffer | string) =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), Buffer.from(bytes), Buffer.from('\r\n')])

/** Writes one piece after the other as fast as they are taken, until that was enough or nobody takes them. */
function flood(socket: Socket, piece: Buffer, bytes = Infinity): void {
  let written = 0
  const more = () => {
    while (!socket.destroyed && written < bytes) {
      written += piece.length
      if (!socket.write(piece)) return
    }
    socket.off('drain', more)
    if (!socket.destroyed) socket.end()
  }
  socket.on('drain', more)
  more()
}

/** Writes a piece now and then, until nobody takes it. */
function drip(socket: Socket, piece: string, every: number): void {
  const timer = setInterval(() => socket.write(piece), every)
  socket.once('close', () => clearInterval(timer))
}

/** What a head says of the status: `200 x`, and any headers that belong to it. */
export type Head = string

/**
 * Answers that no honest server gives. Each is made for the head of one that it could be taken for, such as
 * `401 x\r\nwww-authenticate: Bearer`.
 */
export const HOSTILE = {
  'a gigabyte in chunks': (head) => (socket) => {
    socket.write(`HTTP/1.1 ${head}\r\ntransfer-encoding: chunked\r\n\r\n`)
    flood(socket, chunk(Buffer.alloc(64 * KIB, ' ')), 1_024 * MIB)
  },
  'a gigabyte without a length': (head) => (socket) => {
    socket.write(`HTTP/1.1 ${head}\r\nconnection: close\r\n\r\n`)
    flood(socket, Buffer.alloc(64 * KIB, '['), 1_024 * MIB)
  },
  'a byte at a time': (head) => (socket) => {
    socket.write(`HTTP/1.1 ${head}\r\ncontent-length: 100000\r\n\r\n`)
    drip(socket, ' ', 20)
  },
  'a head and then nothing': (head) => (socket) => {
    socket.write(`HTTP/1.1 ${head}\r\ncontent-length: 10\r\n\r\n`)
  },
  'a gzip bomb of 60 MiB': (head) => (socket) => {
    const bomb = Buffer.concat(Array.from({ length: 60 }, () => MEMBER))
    socket.write(`HTTP/1.1 ${head}\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`)
    socket.write(bomb)
  },
  'a gzip bomb of 1 GiB': (head) => (socket) => {
    const bomb = Buffer.concat(Array.from({ length: 1_024 }, () => MEMBER))
    socket.write(`HTTP/1.1 ${head}\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`)
    socket.write(bomb)
  },
  '100,000 nested brackets': (head) => (socket) => {
    const nested = '['.repeat(NESTED) + ']'.repeat(NESTED)
    socket.write(`HTTP/1.1 ${head}\r\ncontent-length: ${nested.length}\r\n\r\n${nested}`)
  },
  '30,000 nested brackets': (head) => (socket) => {
    const nested = '['.repeat(NESTED * 0.3) + ']'.repeat(NESTED * 0.3)
    socket.write(`HTTP/1.1 ${head}\r\ncontent-length: ${nested.length}\r\n\r\n${nested}`)
  },
  'headers without end': (head) => (socket) => {
    socket.write(`HTTP/1.1 ${head}\r\n`)
    flood(socket, Buffer.from(`x-header: ${'x'.repeat(500)}\r\n`.repeat(100)))
  },
  'a header of a megabyte': (head) => (socket) => {
    socket.write(`HTTP/1.1 ${head}\r\nx-header: ${'x'.repeat(MIB)}\r\ncontent-length: 0\r\n\r\n`)
  },
  'informational answers without end': () => (socket) => {
    drip(socket, 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(10), 5)
  },
  'less than it promised': (head) => (socket) => {
    socket.end(`HTTP/1.1 ${head}\r\ncontent-length: 1000\r\n\r\n{"access_token":"canary"`)
  },
  'chunks without the last': (head) => (socket) => {
    socket.end(
      Buffer.concat([
        Buffer.from(`HTTP/1.1 ${head}\r\ntransfer-encoding: chunked\r\n\r\n`),
        chunk('{"access_token":"canary"'),
      ]),
    )
  },
  'a chunk whose length is none': (head) => (socket) => {
    socket.write(`HTTP/1.1 ${head}\r\ntransfer-encoding: chunked\r\n\r\nzz\r\ncanary\r\n0\r\n\r\n`)
  },
  'a chunk longer than any number': (head) => (socket) => {
    socket.write(`HTTP/1.1 ${head}\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\ncanary`)
  },
  'a length and chunks both': (head) => (socket) => {
    socket.write(`HTTP/1.1 ${head}\r\ncontent-length: 6\r\ntransfer-encoding: chunked\r\n\r\n6\r\ncanary\r\n0\r\n\r\n`)
  },
  'two lengths': (head) => (socket) => {
    socket.write(`HTTP/1.1 ${head}\r\ncontent-length: 6\r\ncontent-length: 7\r\n\r\ncanary`)
  },
  'a transfer coding of its own': (head) => (socket) => {
    socket.end(`HTTP/1.1 ${head}\r\ntransfer-encoding: canary\r\n\r\ncanary`)
  },
  'a status line of another protocol': () => (socket) => {
    socket.write('SSH-2.0-canary_9.6\r\n')
  },
  'a status line of zeros': () => (socket) => {
    socket.write(Buffer.alloc(1_000))
  },
  'a status that is none': () => (socket) => {
    socket.write('HTTP/1.1 999999 canary\r\ncontent-length: 0\r\n\r\n')
  },
  'a line break in a header’s name': (head) => (socket) => {
    socket.write(`HTTP/1.1 ${head}\r\nx\n-canary\u0000: y\r\ncontent-length: 0\r\n\r\n`)
  },
  'an answer and another that nobody asked for': (head) => (socket) => {
    socket.write(
      `HTTP/1.1 ${head}\r\ncontent-length: 2\r\n\r\n{}${plain(200, '{"access_token":"canary","token_type":"Bearer"}')}`,
    )
  },
  'an upgrade that nobody asked for': () => (socket) => {
    socket.write('HTTP/1.1 101 x\r\nconnection: upgrade\r\nupgrade: canary\r\n\r\ncanary')
  },
  'nothing at all': () => () => undefined,
  'the end': () => (socket) => socket.end(),
  'a reset': () => (socket) => socket.resetAndDestroy(),
} satisfies Record<string, (head: Head) => RawResponse>

export type Hostile = keyof typeof HOSTILE
export const EVERY_HOSTILE = Object.keys(HOSTILE) as Hostile[]

/** Of these no end comes: whoever waits must give up. */
const ENDLESS: ReadonlySet<Hostile> = new Set<Hostile>([
  'a byte at a time',
  'a head and then nothing',
  'informational answers without end',
  'nothing at all',
])
/** These are answers as far as HTTP goes. */
const READABLE: ReadonlySet<Hostile> = new Set<Hostile>([
  'a gigabyte in chunks',
  'a gigabyte without a length',
  'a gzip bomb of 60 MiB',
  'a gzip bomb of 1 GiB',
  '100,000 nested brackets',
  '30,000 nested brackets',
  'a transfer coding of its own',
  'an answer and another that nobody asked for',
])
const FLOODS: ReadonlySet<Hostile> = new Set<Hostile>([
  'a gigabyte in chunks',
  'a gigabyte without a length',
  'a gzip bomb of 1 GiB',
  'headers without end',
])

/** What can be made of it at best. */
export function readableAs(name: Hostile): 'answer' | 'broken' | 'endless' {
  if (ENDLESS.has(name)) return 'endless'
  return READABLE.has(name) ? 'answer' : 'broken'
}

/** Tries each of them, those that take their time at once, and what floods the machine one after the other. */
export async function tryEach<Outcome>(
  names: readonly Hostile[],
  attempt: (name: Hostile) => Promise<Outcome>,
): Promise<Partial<Record<Hostile, Outcome>>> {
  const outcomes: [Hostile, Outcome][] = []
  const run = async (name: Hostile) => void outcomes.push([name, await attempt(name)])
  for (const name of names.filter((name) => FLOODS.has(name))) await run(name)
  await Promise.all(names.filter((name) => !FLOODS.has(name)).map(run))
  return Object.fromEntries(outcomes)
}

/** The same for each name, by a rule. */
export function expectEach<Outcome>(names: readonly Hostile[], outcome: (name: Hostile) => Outcome) {
  return Object.fromEntries(names.map((name) => [name, outcome(name)]))
}
