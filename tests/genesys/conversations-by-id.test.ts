import { describe, expect, test } from '@jest/globals'
import { all, connect, connectTo, errorOf } from './connect.js'
import type { Connection, Sent } from './connect.js'

const interval = '2026-01-05T00:00:00.000Z/2026-01-08T00:00:00.000Z'
const PATH = '/api/v2/analytics/conversations'

function asked({ sent }: { sent: readonly Sent[] }): string[] {
  return sent.filter(({ method, path }) => method === 'GET' && path.startsWith(PATH)).map(({ path }) => path)
}

/** Some conversations, as the details query tells of them. */
async function conversationsOf({ genesys }: Connection) {
  return all(genesys.analytics.conversations.query({ interval }))
}

describe('a conversation by its id', () => {
  test.each(['envelope', 'full'] as const)('is what the query tells of it, with validate: %s', async (validate) => {
    const connection = await connect({ now: new Date('2026-02-01') }, { validate })
    const [conversation] = await conversationsOf(connection)
    const { conversationId } = conversation!
    expect(await connection.genesys.analytics.conversations.get(conversationId)).toEqual(conversation)
    expect(asked(connection)).toEqual([`${PATH}/${conversationId}/details`])
  })

  test('that is not there is an error', async () => {
    const { genesys } = await connect()
    const error = await errorOf(genesys.analytics.conversations.get('7bb84ef6-2dc2-4ddd-8bff-1cbf05f0bb2b'))
    expect(error).toMatchObject({ code: 'api_not_found', status: 404 })
  })

  test.each(['', '.', '..', 7, null, undefined])('%p is refused, and nothing is sent', async (id) => {
    const { genesys, sent } = await connect()
    const error = await errorOf(genesys.analytics.conversations.get(id as string))
    expect(error).toMatchObject({ code: 'invalid_option', message: expect.stringContaining('`id`') })
    expect(sent).toEqual([])
  })

  test('leads to no other path, whatever it is', async () => {
    const { genesys, sent } = await connectTo(() => new Response('{}', { status: 404 }))
    await errorOf(genesys.analytics.conversations.get('a/../../users?x=#y'))
    expect(asked({ sent })).toEqual([`${PATH}/a%2F..%2F..%2Fusers%3Fx%3D%23y/details`])
  })
})

describe('conversations by their ids', () => {
  test('come in the order of the ids, each as often as it was asked for, and undefined for what is not there', async () => {
    const connection = await connect({ now: new Date('2026-02-01') })
    const [a, b, c] = await conversationsOf(connection)
    const [first, second, third] = [a!, b!, c!].map(({ conversationId }) => conversationId)
    const nobody = '7bb84ef6-2dc2-4ddd-8bff-1cbf05f0bb2b'
    const found = await connection.genesys.analytics.conversations.getMany([third!, nobody, first!, second!, third!])
    expect(found).toEqual([c, undefined, a, b, c])
    const list = [third, nobody, first, second].join('%2C')
    expect(asked(connection)).toEqual([`${PATH}/details?id=${list}`, `${PATH}/details?id=${nobody}`])
  })

  test('are asked for again where an answer has some of them only, until nothing comes of it', async () => {
    const { genesys } = await connectTo((request) => {
      const ids = new URL(request.url).searchParams.get('id')!.split(',')
      const there = ids.filter((id) => id !== 'none').slice(0, 30)
      const conversations = there.map((conversationId) => ({
        conversationId,
        conversationStart: interval.slice(0, 24),
      }))
      return Response.json({ conversations })
    })
    const ids = ['none', ...Array.from({ length: 150 }, (_, place) => `c${place}`)]
    const found = await genesys.analytics.conversations.getMany(ids)
    expect(found.map((conversation) => conversation?.conversationId)).toEqual([undefined, ...ids.slice(1)])
  })

  test('are asked for by hundreds', async () => {
    const connection = await connect({ now: new Date('2026-02-01'), conversationsPerDay: 100 })
    const ids = (await conversationsOf(connection)).map(({ conversationId }) => conversationId).slice(0, 250)
    const found = await connection.genesys.analytics.conversations.getMany([...ids].reverse())
    expect(found.map((conversation) => conversation?.conversationId)).toEqual([...ids].reverse())
    expect(asked(connection)).toHaveLength(3)
  })

  test('of no ids are none, and nothing is sent', async () => {
    const { genesys, sent } = await connect()
    expect(await genesys.analytics.conversations.getMany([])).toEqual([])
    expect(sent).toEqual([])
  })

  test('may all be not there', async () => {
    const { genesys } = await connect()
    const ids = ['7bb84ef6-2dc2-4ddd-8bff-1cbf05f0bb2b', 'x']
    expect(await genesys.analytics.conversations.getMany(ids)).toEqual([undefined, undefined])
  })

  test('are those of the moment of the call', async () => {
    const connection = await connect({ now: new Date('2026-02-01') })
    const [a, b] = await conversationsOf(connection)
    const ids = [a!.conversationId]
    const pending = connection.genesys.analytics.conversations.getMany(ids)
    ids[0] = b!.conversationId
    expect(await pending).toEqual([a])
  })

  test.each([undefined, null, 'a', [''], [7], ['a,b'], Array(2), {}])('are refused as %p', async (ids) => {
    const { genesys, sent } = await connect()
    const error = await errorOf(genesys.analytics.conversations.getMany(ids as string[]))
    expect(error).toMatchObject({ code: 'invalid_option', message: expect.stringContaining('`ids`') })
    expect(sent).toEqual([])
  })

  test('are not waited for after an abort', async () => {
    const { genesys } = await connect()
    const { conversations } = genesys.analytics
    const signal = AbortSignal.abort('enough')
    expect(await errorOf(conversations.getMany(['a'], { signal }))).toBe('enough')
    expect(await errorOf(conversations.get('a', { signal }))).toBe('enough')
  })
})
