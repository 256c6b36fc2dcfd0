import { expect, test } from '@jest/globals'
import { staticToken } from '../../src/index.js'
import { GenesysCloud } from '../../src/genesys/index.js'

const genesys = new GenesysCloud({ region: 'us-east-1', tokens: staticToken('x') })
const { users } = genesys
const { conversations } = genesys.analytics
const interval = '2026-01-05T00:00:00.000Z/2026-01-06T00:00:00.000Z'

const everywhere = { pageSize: undefined, checkpoint: undefined, signal: undefined }
const ofUsers = { ...everywhere, expand: undefined, sortOrder: undefined }
const ofConversations = {
  ...everywhere,
  interval,
  conversationFilters: undefined,
  segmentFilters: undefined,
  evaluationFilters: undefined,
  surveyFilters: undefined,
  resolutionFilters: undefined,
}
const ofSearch = { query: undefined, sort: undefined, sortBy: undefined, integrationPresenceSource: undefined }
const ofExport = { jobTimeout: undefined, cancelOnReturn: undefined, startOfDayIntervalMatching: undefined }

// The compiler looks too: under `exactOptionalPropertyTypes` a type has to allow undefined by name.
test.each([
  ['users.list', users.list(), users.list({ ...ofUsers, id: undefined, state: undefined })],
  ['users.query', users.query(), users.query({ ...ofUsers, state: undefined })],
  ['users.search', users.search(), users.search({ ...ofUsers, ...ofSearch, enforcePermissions: undefined })],
  ['query', conversations.query({ interval }), conversations.query(ofConversations)],
  ['export', conversations.export({ interval }), conversations.export({ ...ofConversations, ...ofExport })],
  [
    'pages',
    genesys.pages('/x'),
    genesys.pages('/x', { ...everywhere, query: undefined, rows: undefined, rowId: undefined }),
  ],
])('an option of %s that is undefined is as good as absent', (_call, absent, undefinedOnes) => {
  expect(undefinedOnes.checkpoint()).toBe(absent.checkpoint())
})

test('and so it is in a call for one user', async () => {
  const signal = AbortSignal.abort('not sent')
  await expect(users.get('x', { expand: undefined, state: undefined, signal })).rejects.toBe('not sent')
  await expect(users.me({ expand: undefined, signal })).rejects.toBe('not sent')
})
