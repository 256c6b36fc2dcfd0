import { expect, test } from '@jest/globals'
import { GENESYS_LIMITS, GenesysCloud } from '../../src/genesys/index.js'
import { genesysLimits } from '../../src/genesys/limits.js'

const credentials = { region: 'us-east-1', clientId: 'id', clientSecret: 'secret' }

test('limits are those that Genesys publishes, unless told otherwise', () => {
  expect(GENESYS_LIMITS).toEqual({
    userPageSize: 500,
    userSearchPageSize: 100,
    conversationPageSize: 100,
    queryRows: 100_000,
    jobPageSize: 10_000,
    jobDays: 31,
  })
  expect(genesysLimits()).toEqual(GENESYS_LIMITS)
  expect(genesysLimits({ userPageSize: undefined })).toEqual(GENESYS_LIMITS)
  expect(genesysLimits({ userPageSize: 50 })).toEqual({ ...GENESYS_LIMITS, userPageSize: 50 })
})

test('a page is never larger than what a query gives', () => {
  expect(genesysLimits({ queryRows: 30 }).conversationPageSize).toBe(30)
})

test.each([
  ['userPageSize', 0],
  ['conversationPageSize', 1.5],
  ['queryRows', NaN],
  ['queryRows', Infinity],
  ['userPageSize', '500'],
])('limits.%s may not be %p', (name, value) => {
  expect(() => new GenesysCloud(credentials, { limits: { [name]: value } })).toThrow(
    expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining(`limits.${name}`) }),
  )
})
