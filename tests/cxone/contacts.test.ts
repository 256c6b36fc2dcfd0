import { describe, expect, test } from '@jest/globals'
import { all, connectTo, errorOf, first, noContent, numbersOf } from './connect.js'

const CONTACTS = '/incontactapi/services/v34.0/contacts'

describe('active contacts', () => {
  const active = (...ids: number[]) =>
    connectTo((request) => {
      const [skip] = numbersOf(request, 'skip') as [number]
      const contacts = ids.slice(skip, skip + 2).map((contactId) => ({ contactId }))
      return contacts.length === 0 ? noContent() : Response.json({ contacts })
    })

  test('are handed out page by page, each once, and go on after a checkpoint', async () => {
    const { cxone, sent } = await active(5, 6, 6, 7)
    const options = { fields: ['stateName'], orderBy: 'contactId' }
    const listing = cxone.contacts.active(options)
    expect(await first(2, listing)).toEqual([{ contactId: 5 }, { contactId: 6 }])
    const checkpoint = listing.checkpoint()
    expect(await all(cxone.contacts.active({ ...options, checkpoint }))).toEqual([{ contactId: 6 }, { contactId: 7 }])
    expect(await all(cxone.contacts.active())).toHaveLength(3)
    expect(sent[0]!.path).toBe(`${CONTACTS}/active?orderBy=contactId&fields=stateName%2CcontactId&top=10000`)
    expect(sent.map(({ path }) => path)).toContain(`${sent[0]!.path}&skip=2`)
  })

  test.each(['contacts', 'activeContacts'])('may come all at once, under whatever name: %s', async (name) => {
    const response = { totalRecords: 2, [name]: [{ contactId: 5 }, { contactId: 6 }] }
    const { cxone, sent } = await connectTo(() => Response.json(response))
    expect(await all(cxone.contacts.active({ pageSize: 2 }))).toEqual([{ contactId: 5 }, { contactId: 6 }])
    expect(sent).toHaveLength(2)
  })

  test.each(['envelope', 'full'] as const)('have an id that is a whole number: %s', async (validate) => {
    for (const contactId of ['1', undefined, 2 ** 53, 1.5]) {
      const { cxone } = await connectTo(() => Response.json({ contacts: [{ contactId }] }), { validate })
      const error = await errorOf(all(cxone.contacts.active()))
      expect(error).toMatchObject({ code: 'schema_mismatch', path: 'contacts.0.contactId' })
    }
  })

  test('are none when there is no content', async () => {
    expect(await all((await active()).cxone.contacts.active())).toEqual([])
  })
})

describe('one contact', () => {
  test.each([
    ['is the answer', { contactId: 7, endReason: 'x' }],
    ['stands alone in a list', { contacts: [{ contactId: 7, endReason: 'x' }] }],
  ])('%s', async (_how, response) => {
    const { cxone, sent } = await connectTo(() => Response.json(response))
    expect(await cxone.contacts.get('7', { fields: ['endReason'] })).toEqual({ contactId: 7, endReason: 'x' })
    expect(sent).toMatchObject([{ method: 'GET', path: `${CONTACTS}/7?fields=endReason%2CcontactId` }])
  })

  test.each(['envelope', 'full'] as const)('without an id is none: %s', async (validate) => {
    const { cxone } = await connectTo(() => Response.json({ endReason: 'x' }), { validate })
    expect(await errorOf(cxone.contacts.get(7))).toMatchObject({ code: 'schema_mismatch', path: 'contactId' })
  })
})
