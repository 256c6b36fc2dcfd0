import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { GetUserOptions } from '../../src/genesys/index.js'
import { GenesysCloud } from '../../src/genesys/index.js'
import { staticToken } from '../../src/index.js'
import type { ApiError } from '../../src/index.js'
import { startGenesysSimulator } from '../../src/testing/index.js'
import type { RunningGenesysSimulator } from '../../src/testing/index.js'
import { all, connectTo, errorOf } from './connect.js'

let running: RunningGenesysSimulator
let genesys: GenesysCloud

beforeAll(async () => {
  running = await startGenesysSimulator({ users: 100, now: new Date('2026-01-05T12:00:00Z') })
  genesys = GenesysCloud.fromEnv({ validate: 'full', requestsPerMinute: Infinity }, running.env)
})

afterAll(async () => {
  await genesys.close()
  await running.close()
})

describe('one user', () => {
  test('is what the listing has of it', async () => {
    const expand = ['presence', 'skills'] as const
    const [user] = await all(genesys.users.list({ expand }))
    expect(await genesys.users.get(user!.id, { expand })).toEqual(user)
    expect(await genesys.users.get(user!.id)).not.toHaveProperty('presence')
  })

  test('that was deleted is found as such alone', async () => {
    const [deleted] = await all(genesys.users.list({ state: 'deleted' }))
    expect(await genesys.users.get(deleted!.id, { state: 'deleted' })).toEqual(deleted)
    expect(await errorOf(genesys.users.get(deleted!.id))).toMatchObject({
      code: 'api_not_found',
      platformCode: 'not.found',
    })
  })

  test('is asked for by an id that stays one, with the options', async () => {
    const { genesys, sent } = await connectTo(() => Response.json({ id: 'x' }))
    await genesys.users.get('../queues?x', { expand: ['team', 'station'], state: 'deleted' })
    expect(sent.at(-1)).toMatchObject({
      method: 'GET',
      path: '/api/v2/users/..%2Fqueues%3Fx?expand=team%2Cstation&state=deleted',
    })
  })

  test.each(['envelope', 'full'] as const)('without an id is none: %s', async (validate) => {
    const { genesys } = await connectTo(() => Response.json({ name: 'Ann' }), { validate })
    expect(await errorOf(genesys.users.get('x'))).toMatchObject({ code: 'schema_mismatch', path: 'id' })
  })

  test('is not waited for after an abort', async () => {
    const error = await errorOf(genesys.users.get('x', { signal: AbortSignal.abort('enough') }))
    expect(error).toBe('enough')
  })

  test('is of closed options', () => {
    const refused: GetUserOptions[] = [
      // @ts-expect-error no such expansion, except of oneself
      { expand: ['token'] },
      // @ts-expect-error one user is active or deleted
      { state: 'any' },
    ]
    expect(refused).toHaveLength(2)
  })
})

describe("the token's own user", () => {
  test('is told to a token that has one', async () => {
    const me = { id: 'x', name: 'Ann', token: { organization: { id: 'o', name: 'Org' } }, adjacents: { any: [1] } }
    const { origin, sent, dispatcher } = await connectTo(() => Response.json(me))
    const own = new GenesysCloud(
      { apiUrl: origin, tokens: staticToken('of-a-person') },
      { dispatcher, validate: 'full' },
    )
    expect(await own.users.me({ expand: ['token', 'adjacents', 'presence'] })).toEqual(me)
    expect(sent.at(-1)?.path).toBe('/api/v2/users/me?expand=token%2Cadjacents%2Cpresence')
    await own.close()
  })

  test('does not exist under client credentials, and the error says what to call instead', async () => {
    const error = await errorOf<ApiError>(genesys.users.me())
    expect(error).toMatchObject({ code: 'api_bad_request', status: 400, platformCode: 'bad.request', retryable: false })
    expect(error.correlationId).toBeDefined()
    expect(error.message).toContain('Client credentials have no user')
    expect(error.message).toMatch(/genesys\.verify\(\).*genesys\.tokens\.me\(\)/)
  })

  test.each(['envelope', 'full'] as const)('without an id is none: %s', async (validate) => {
    const { genesys } = await connectTo(() => Response.json({ name: 'Ann' }), { validate })
    expect(await errorOf(genesys.users.me())).toMatchObject({ code: 'schema_mismatch', path: 'id' })
  })

  test('is not waited for after an abort', async () => {
    const error = await errorOf(genesys.users.me({ signal: AbortSignal.abort('enough') }))
    expect(error).toBe('enough')
  })

  test('is missed by its words, not by any 400', async () => {
    const { genesys } = await connectTo(() =>
      Response.json({ code: 'bad.request', message: 'No such expand.' }, { status: 400 }),
    )
    const error = await errorOf(genesys.users.me())
    expect(error).toMatchObject({ code: 'api_bad_request' })
    expect(error.message).not.toContain('Client credentials')
  })
})
