import { describe, expect, it } from '@jest/globals'
import { CxoneSimulator, startCxoneSimulator, type CxoneSimulatorOptions } from '../../../src/testing/index.js'
import { anObject, but, NO_LIST, ofType, refusals } from '../../wrong-options/cases.js'

const NO_OBJECT = anObject.filter((value) => value !== undefined)
const optional = (...types: string[]) => ofType(...types, 'undefined')

/** Values of each option that it does not take. */
const OPTIONS: Record<keyof CxoneSimulatorOptions, readonly unknown[]> = {
  seed: [...optional('number'), 0.5],
  latency: [...optional('number'), -1],
  limits: NO_OBJECT,
  faults: [...NO_LIST, [null], [{ kind: 'boom' }]],
  clock: but(undefined),
  now: but(undefined),
  agents: [...optional('number'), 1.5],
  contactsPerDay: [...optional('number', 'function'), -5],
  contactDate: but(undefined),
  endDateIncluded: optional('boolean'),
  accessKeyId: [...optional('string'), ''],
  accessKeySecret: [...optional('string'), ''],
  clientId: [...optional('string'), ''],
  clientSecret: [...optional('string'), ''],
  tenantId: [...optional('string'), ''],
  area: [...optional('string'), ''],
  versions: [...NO_LIST, [34]],
  tokenLifetime: [...optional('number'), 0],
  refreshTokenLifetime: [...optional('number'), 0.5],
  rotateRefreshTokens: optional('boolean'),
  jobDuration: [...optional('number'), -1],
  jobLifetime: [...optional('number'), 0],
  resultLifetime: [...optional('number'), 0],
  resultOrigin: [...optional('string'), 'https://results.test/path'],
  dataExtractionPause: [...optional('number'), -1],
  dataDelay: [...optional('number'), NaN],
  reasonOnlyInHeader: optional('boolean'),
}

describe('the options of a simulator of CXone', () => {
  it.each(Object.entries(OPTIONS))(
    'are told by their name, whatever kind of thing they are: %s',
    async (name, wrong) => {
      for (const { code, message } of await refusals(wrong, (value) => new CxoneSimulator({ [name]: value }))) {
        expect([code, message]).toEqual(['invalid_option', expect.stringContaining(name === 'faults' ? 'fault' : name)])
      }
      expect(() => new CxoneSimulator({ [name]: undefined })).not.toThrow()
    },
  )

  it.each<[name: string, wrong: readonly unknown[], make: (value: never) => unknown]>([
    ['CxoneSimulator', NO_OBJECT, (value) => new CxoneSimulator(value)],
    ['limits.contactRows', [0, '5', NaN], (contactRows) => new CxoneSimulator({ limits: { contactRows } })],
    ['queryRows', [5], (queryRows) => new CxoneSimulator({ limits: { queryRows } } as CxoneSimulatorOptions)],
    ['users', [5], (users) => new CxoneSimulator({ users } as CxoneSimulatorOptions)],
    ['a fault', anObject, (fault) => new CxoneSimulator().addFault(fault)],
    ['startCxoneSimulator', NO_OBJECT, (value) => startCxoneSimulator(value)],
    ['port', optional('number'), (port) => startCxoneSimulator({ port })],
  ])('are told by their name also when there is none such: %s', async (name, wrong, make) => {
    for (const { code, message } of await refusals(wrong, make)) {
      expect([code, message]).toEqual(['invalid_option', expect.stringContaining(name)])
    }
  })

  it('include a function whose answers are checked when it is asked', () => {
    const { truth } = new CxoneSimulator({ contactsPerDay: () => NaN })
    const count = () => truth.contactCount('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z')
    expect(count).toThrow(expect.objectContaining({ code: 'invalid_option' }))
  })
})

describe('the truth of CXone', () => {
  it('takes dates alone', () => {
    const { truth } = new CxoneSimulator()
    const date = '2026-03-01T00:00:00Z'
    for (const wrong of ['March', '2026-02-30T00:00:00Z', '', 5] as string[]) {
      const refused = expect.objectContaining({ code: 'invalid_option' })
      expect(() => truth.contactIds(wrong, date)).toThrow(refused)
      expect(() => truth.contactCount(date, wrong)).toThrow(refused)
      expect(() => truth.updatedContactIds(wrong)).toThrow(refused)
    }
  })
})
