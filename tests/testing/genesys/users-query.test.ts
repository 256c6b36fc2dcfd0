import { describe, expect, it } from '@jest/globals'
import { Caller, refusal } from './caller.js'

const PATH = '/api/v2/users/query'

interface CursorListing {
  entities: { id: string; state: string; presence?: object }[]
  nextUri?: string
  selfUri: string
  results: number
  cursor?: string
}

async function page(caller: Caller, uri: string): Promise<CursorListing> {
  const response = await caller.get(uri)
  expect(response.status).toBe(200)
  return (await response.json()) as CursorListing
}

async function pagesFrom(caller: Caller, uri: string, next: (page: CursorListing) => string | undefined) {
  const pages: CursorListing[] = []
  for (let at: string | undefined = uri; at !== undefined; at = next(pages.at(-1)!)) pages.push(await page(caller, at))
  return pages
}

describe('GET /api/v2/users/query', () => {
  it('is paged by an opaque cursor that must be encoded, and ends without one', async () => {
    const caller = await new Caller({ users: 130 }).signIn()
    for (const pageSize of [5, 50, 129]) {
      const { cursor } = await page(caller, `${PATH}?pageSize=${pageSize}`)
      for (const character of '+/=') expect(cursor).toContain(character)
    }
    const pages = await pagesFrom(caller, `${PATH}?pageSize=50&expand=presence`, ({ cursor }) => {
      return cursor && `${PATH}?pageSize=50&expand=presence&cursor=${encodeURIComponent(cursor)}`
    })
    expect(pages.map(({ results, entities }) => [results, entities.length])).toEqual([
      [50, 50],
      [50, 50],
      [30, 30],
    ])
    for (const { cursor, nextUri } of pages.slice(0, 2)) {
      expect(nextUri).toContain(encodeURIComponent(cursor ?? ''))
    }
    expect(Object.keys(pages[2] ?? {}).sort()).toEqual(['entities', 'results', 'selfUri'])
    const users = pages.flatMap(({ entities }) => entities)
    expect(users.map(({ id }) => id)).toEqual(caller.simulator.truth.userIds())
    expect(users.every(({ presence }) => presence !== undefined)).toBe(true)
  })

  it('has links that keep the question, and no next one when the last page is full', async () => {
    const caller = await new Caller({ users: 60 }).signIn()
    const pages = await pagesFrom(caller, `${PATH}?sortOrder=DESC&pageSize=30&state=active`, ({ nextUri }) => nextUri)
    expect(pages).toHaveLength(2)
    expect(pages.flatMap(({ entities }) => entities.map(({ id }) => id))).toEqual(
      [...caller.simulator.truth.userIds()].reverse(),
    )
    expect(pages[0]?.selfUri).toBe(`${PATH}?sortOrder=DESC&pageSize=30&state=active`)
    expect(pages[1]?.selfUri).toBe(pages[0]?.nextUri)
  })

  it('gives 25 active users by default, and those of another state when asked', async () => {
    const caller = await new Caller({ users: 100 }).signIn()
    expect((await page(caller, PATH)).results).toBe(25)
    const counts = await Promise.all(
      ['active', 'inactive', 'deleted', 'any'].map(async (state) => {
        return (await page(caller, `${PATH}?state=${state}&pageSize=500`)).results
      }),
    )
    expect(counts).toEqual([100, 5, 2, 107])
  })

  it('refuses a cursor that is damaged, decoded once too often, or of another listing', async () => {
    const caller = await new Caller().signIn()
    const { cursor = '' } = await page(caller, PATH)
    for (const question of [
      `cursor=${cursor}`,
      `cursor=${encodeURIComponent(cursor.slice(0, -4))}`,
      `cursor=${encodeURIComponent(cursor)}x`,
      'cursor=',
      'cursor=bm90aGluZw==',
      `cursor=${encodeURIComponent(cursor)}&state=any`,
      `cursor=${encodeURIComponent(cursor)}&sortOrder=DESC`,
    ]) {
      const refused = await refusal(caller.get(`${PATH}?${question}`))
      expect(refused).toMatchObject({ status: 400, code: 'invalid.query.param.value' })
    }
    expect((await page(caller, `${PATH}?pageSize=7&cursor=${encodeURIComponent(cursor)}`)).results).toBe(7)
  })

  it('asks for directory:user:view, and for pages of 1 to 500', async () => {
    const caller = await new Caller().signIn()
    expect((await refusal(caller.get(`${PATH}?pageSize=501`))).status).toBe(400)
    expect((await refusal(caller.get(`${PATH}?integrationPresenceSource=ZoomPhone`))).message).toContain('not modelled')
    const unpermitted = await new Caller({ permissions: [] }).signIn()
    const refused = await refusal(unpermitted.get(PATH))
    expect(refused).toMatchObject({ status: 403, code: 'missing.any.permissions' })
    expect(refused.message).toContain('directory:user:view')
  })
})
