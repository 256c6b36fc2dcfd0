import { beforeAll, expect, test } from '@jest/globals'
import { ACTIVE_FIELDS, COMPLETED_FIELDS, CONTACT_FIELDS } from '../../../src/testing/cxone/contact-fields.js'
import { responsesOf } from '../../platform/models/responses.js'
import { factsOf } from '../../platform/models/facts.js'
import { Caller } from './caller.js'

const facts = factsOf('cxone')
const caller = new Caller({ agents: 100, now: new Date('2026-06-01T12:00:00Z') })
beforeAll(() => caller.signIn())

test.each([
  ['CompletedContact', COMPLETED_FIELDS],
  ['ActiveContact', ACTIVE_FIELDS],
  ['Contact', CONTACT_FIELDS],
])('%s has the fields that NICE lists, and no other', (model, fields) => {
  expect([...fields].sort()).toEqual(Object.keys(facts[model] ?? {}).sort())
})

test('agents have the fields that NICE lists, and no other', async () => {
  const { agents } = await caller.page('/agents', { skip: '5' })
  const fields = new Set(agents.flatMap((agent) => Object.keys(agent)))
  expect([...fields].sort()).toEqual(Object.keys(facts['Agent'] ?? {}).sort())
})

test.each([
  ['AgentList', '/agents', {}],
  ['CompletedContactList', '/contacts/completed', { updatedSince: '2026-06-01T00:00:00Z', tags: 'true' }],
  ['ActiveContactList', '/contacts/active', {}],
])('%s is of the types that NICE lists', async (model, path, parameters: Record<string, string>) => {
  const page = await caller.page(path, parameters)
  expect(responsesOf('cxone').get(model)?.full.safeParse(page).error).toBeUndefined()
})
