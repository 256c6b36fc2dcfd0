import { createHash, randomUUID } from 'node:crypto'

import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { z } from 'zod'
import { json } from '../grants/authorization-server.js'
import type { Api } from './short-lived-tokens.js'

/** Has one thing, and gives back what is posted. */
export const things: Api = {
  response({ method }, outgoing, body) {
    if (method === 'POST') json(outgoing, 201, JSON.parse(body))
    else json(outgoing, 200, [{ name: 'the first thing' }])
  },
}

/** Answers the one query and the one mutation of its page. */
export const graphql: Api = {
  response(_incoming, outgoing, body) {
    const { variables } = JSON.parse(body) as { variables?: object }
    json(outgoing, 200, { data: variables ? { addThing: variables } : { things: [{ name: 'the first thing' }] } })
  },
}

/** Lists a model, and streams a chat completion word by word. */
export const openai: Api = {
  response({ url }, outgoing, body) {
    if (url === '/v1/models') return json(outgoing, 200, { object: 'list', data: [{ id: 'a-model' }] })
    const { messages } = JSON.parse(body) as { messages: { content: string }[] }
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const word of messages[0]?.content.split(' ') ?? []) {
      outgoing.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: word } }] })}\n\n`)
    }
    outgoing.end('data: [DONE]\n\n')
  },
}

/** A server of the SDK's own, with one session and one tool. */
export async function mcp(): Promise<Api> {
  const server = new McpServer({ name: 'calculator', version: '1.0.0' })
  server.registerTool('add', { inputSchema: { a: z.number(), b: z.number() } }, ({ a, b }) => ({
    content: [{ type: 'text', text: String(a + b) }],
  }))
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID })
  await server.connect(transport)
  return {
    response: (incoming, outgoing, body) =>
      transport.handleRequest(incoming, outgoing, body === '' ? undefined : JSON.parse(body)),
  }
}

/** Ends its stream after each event but the last, from where the client goes on. */
export const events: Api = {
  response({ headers }, outgoing) {
    const id = Number(headers['last-event-id'] ?? 0) + 1
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' })
    outgoing.write(`retry: 10\nid: ${id}\ndata: event ${id}\n\n`)
    if (id < 3) outgoing.end()
    else outgoing.write('event: end\ndata:\n\n')
  },
}

/** Tells one piece of news a connection; goes away after the first. */
export function news(): Api {
  let connections = 0
  return {
    response: (_incoming, outgoing) => json(outgoing, 426, { error: 'for a WebSocket only' }),
    upgrade({ headers }, socket) {
      connections += 1
      const accept = createHash('sha1').update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n')
      socket.write(`Sec-WebSocket-Accept: ${accept.digest('base64')}\r\n\r\n`)
      socket.write(frame(0x1, Buffer.from(`news ${connections}`)))
      const code = Buffer.alloc(2)
      code.writeUInt16BE(connections < 3 ? 1001 : 1000)
      socket.end(frame(0x8, code))
    },
  }
}

/** A short one, whole and unmasked as a server sends it (RFC 6455 section 5.2). */
function frame(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), payload])
}
