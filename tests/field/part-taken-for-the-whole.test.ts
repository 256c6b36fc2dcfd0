/**
 * A listing fails on one of its pages; the loop around it ends there, and what had come so far is counted, stored or shown
 * as all there is (DataZooDE/erpl-web#93; loops of published Genesys Cloud tutorials, which print an error and then a
 * total). Or it ends with the first page that is not full, which an API may give in the middle of a listing
 * (career-ops-hq/career-ops#2547).
 *
 * everbearer's iterations end where the API says that they end; else they throw, with the place to go on from.
 */
import { expect, test } from '@jest/globals'
import type { EverbearerError } from '../../src/index.js'
import { connect, connectTo, all } from '../genesys/connect.js'

/** The rows that came, and what ended them. */
async function read<Row>(rows: AsyncIterable<Row>): Promise<{ came: Row[]; error: EverbearerError | undefined }> {
  const came: Row[] = []
  try {
    for await (const row of rows) came.push(row)
    return { came, error: undefined }
  } catch (error) {
    return { came, error: error as EverbearerError }
  }
}

test.each(['internal-error', 'not-json', 'schema'] as const)(
  'a page that fails with %s ends the listing by an error, and its checkpoint leads to the rest',
  async (kind) => {
    const { genesys, running } = await connect({ users: 60, faults: [{ kind, at: 3 }] })
    const { came, error } = await read(genesys.users.list({ pageSize: 20 }))
    expect([came.length, error?.code]).toEqual([40, expect.any(String)])
    const rest = await all(genesys.users.list({ pageSize: 20, checkpoint: error?.checkpoint }))
    expect([...came, ...rest].map(({ id }) => id)).toEqual(running.truth.userIds())
  },
)

test('a page that is not full is not the last one', async () => {
  const pages = [['a', 'b'], ['c'], ['d', 'e'], []]
  const { genesys } = await connectTo((request) => {
    const pageNumber = Number(new URL(request.url).searchParams.get('pageNumber'))
    return Response.json({ entities: pages[pageNumber - 1]?.map((id) => ({ id })), pageCount: 2, total: 3 })
  })
  const users = await all(genesys.users.list({ pageSize: 2 }))
  expect(users.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e'])
})
