// An organization of Genesys Cloud that answers each page after 20 ms, with rows as the simulator of everbearer/testing
// makes them. A page is made once; for each answer only the ids and the day are written into it, so that the readers, and
// not this, are what is slow.
import { createServer } from 'node:http'
import type { Organization } from '../organization.js'
import { PAGE_SIZE } from '../organization.js'
import { listen } from '../listen.js'
import { PAGE_DAY, simulatedPages } from '../simulated-pages.js'

const PAGE_TIME = 20

const { users, conversationsPerDay } = JSON.parse(process.argv[2]!) as Organization

/** The bytes of a page's rows. For each page the ids and the day are written over those of the first. */
class Template {
  readonly #bytes: Buffer
  readonly #ids: readonly number[]
  readonly #days: readonly number[]
  #rows = 0

  constructor(rows: readonly object[], id: string, day: string) {
    const text = JSON.stringify(rows)
    // All of it is ASCII: a place in the text is one in the bytes.
    this.#bytes = Buffer.from(text, 'latin1')
    this.#ids = places(text, new RegExp(`(?<="${id}":")[^"]{36}(?=")`, 'g'))
    this.#days = places(text, new RegExp(day, 'g'))
  }

  page(day: string): Buffer {
    const page = Buffer.from(this.#bytes)
    for (const place of this.#days) page.write(day, place, 'latin1')
    for (const place of this.#ids) page.write((++this.#rows).toString(16).padStart(8, '0'), place, 'latin1')
    return page
  }
}

function places(text: string, pattern: RegExp): number[] {
  return [...text.matchAll(pattern)].map(({ index }) => index)
}

const pages = await simulatedPages(PAGE_SIZE)
const conversations = new Template(pages.conversations, 'conversationId', PAGE_DAY)
const listed = new Template(pages.users, 'id', PAGE_DAY)

/** An answer, in the pieces that it is written in. */
type Pieces = readonly (string | Buffer)[]

function usersPage(pageNumber: number): Pieces {
  const pageCount = Math.ceil(users / PAGE_SIZE)
  const rows = pageNumber > pageCount ? '[]' : listed.page(PAGE_DAY)
  const hints = { pageSize: PAGE_SIZE, pageNumber, total: users, pageCount }
  return ['{"entities":', rows, `,${JSON.stringify(hints).slice(1)}`]
}

function conversationsPage(body: string): Pieces {
  const { interval, paging } = JSON.parse(body) as { interval: string; paging: { pageNumber: number } }
  if (paging.pageNumber > Math.ceil(conversationsPerDay / PAGE_SIZE)) return ['{}']
  return ['{"conversations":', conversations.page(interval.slice(0, 10)), `,"totalHits":${conversationsPerDay}}`]
}

const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (text) => (body += text))
  request.once('end', () => {
    const url = new URL(request.url!, 'http://api.test')
    response.setHeader('content-type', 'application/json')
    if (url.pathname === '/oauth/token') {
      response.end(JSON.stringify({ access_token: 'organization', token_type: 'bearer', expires_in: 86_400 }))
      return
    }
    const isUsers = url.pathname === '/api/v2/users'
    const page = isUsers ? usersPage(Number(url.searchParams.get('pageNumber'))) : conversationsPage(body)
    response.setHeader(
      'content-length',
      page.reduce((sum, { length }) => sum + length, 0),
    )
    setTimeout(() => {
      response.cork()
      for (const piece of page) response.write(piece)
      response.end()
    }, PAGE_TIME)
  })
})
process.send!(await listen(server))
