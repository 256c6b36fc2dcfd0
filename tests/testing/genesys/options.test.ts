import { describe, expect, it } from '@jest/globals'
import { GenesysSimulator, startGenesysSimulator } from '../../../src/testing/index.js'
import { anObject, but, NO_LIST, NO_TRUTH, ofType, refusals, WRONG } from '../../wrong-options/cases.js'

const NO_OBJECT = anObject.filter((value) => value !== undefined)
const simulatorWith = (client: object) =>
  new GenesysSimulator({ clients: [{ clientId: 'a', clientSecret: 'b', ...client }] })

describe('the options of a simulator', () => {
  it('are refused by name when they are out of range, unknown or of another kind', () => {
    for (const [name, options] of Object.entries<object>({
      seed: { seed: -1 },
      users: { users: 1.5 },
      conversationsPerDay: { conversationsPerDay: -5 },
      tokenLifetime: { tokenLifetime: 0 },
      tokenIdleTimeout: { tokenIdleTimeout: 0.5 },
      permissions: { permissions: 'all' },
      'clients[].permissions': { clients: [{ clientId: 'a', clientSecret: 'b', permissions: [5] }] },
      latency: { latency: '5' },
      jobDuration: { jobDuration: -1 },
      jobLifetime: { jobLifetime: 0 },
      dataDelay: { dataDelay: NaN },
      clientId: { clientId: '' },
      clientSecret: { clientSecret: 5 },
      now: { now: new Date(NaN) },
      'limits.queryDays': { limits: { queryDays: 0 } },
      rowsPerQuery: { limits: { rowsPerQuery: 5 } },
      tokenLifeTime: { tokenLifeTime: 5 },
      clients: { clientId: 'a', clients: [{ clientId: 'a', clientSecret: 'b' }] },
    })) {
      const make = () => new GenesysSimulator(options)
      expect(make).toThrow(expect.objectContaining({ code: 'invalid_option', message: expect.stringContaining(name) }))
    }
  })

  it.each<[name: string, wrong: readonly unknown[], make: (value: never) => unknown]>([
    ['GenesysSimulator', NO_OBJECT, (value) => new GenesysSimulator(value)],
    ['limits', NO_OBJECT, (limits) => new GenesysSimulator({ limits })],
    ['clock', but(undefined), (clock) => new GenesysSimulator({ clock })],
    ['now', but(undefined), (now) => new GenesysSimulator({ now })],
    ['seed', ofType('number', 'undefined'), (seed) => new GenesysSimulator({ seed })],
    ['latency', ofType('number', 'undefined'), (latency) => new GenesysSimulator({ latency })],
    ['permissions', NO_LIST, (permissions) => new GenesysSimulator({ permissions })],
    ['clients', [...NO_LIST, [null], ['a'], Array(1)], (clients) => new GenesysSimulator({ clients })],
    ['clients[].clientId', ofType('string'), (clientId) => simulatorWith({ clientId })],
    ['clients[].clientSecret', ofType('string'), (clientSecret) => simulatorWith({ clientSecret })],
    ['clients[].state', but(undefined), (state) => simulatorWith({ state })],
    ['clients[].grant', but(undefined), (grant) => simulatorWith({ grant })],
    [
      'clients[].redirectUris',
      [...NO_LIST, ['/callback'], [new URL('https://a.example/')]],
      (redirectUris) => simulatorWith({ redirectUris }),
    ],
    ['user', [...but(undefined), 'nobody'], (user) => new GenesysSimulator({ user })],
    ['orgName', [...ofType('string', 'undefined'), ''], (orgName) => new GenesysSimulator({ orgName })],
    ['rotateRefreshTokens', NO_TRUTH, (value) => new GenesysSimulator({ rotateRefreshTokens: value })],
    ['publicRefreshTokens', NO_TRUTH, (value) => new GenesysSimulator({ publicRefreshTokens: value })],
    ['clients[].permissions', NO_LIST, (permissions) => simulatorWith({ permissions })],
    ['faults', [...NO_LIST, [null], ['slow'], Array(1)], (faults) => new GenesysSimulator({ faults })],
    ['fault.kind', WRONG, (kind) => new GenesysSimulator({ faults: [{ kind }] })],
    ['fault.to', but(undefined), (to) => new GenesysSimulator({ faults: [{ kind: 'slow', to }] })],
    ['a fault', anObject, (fault) => new GenesysSimulator().addFault(fault)],
    ['state', WRONG, (state) => new GenesysSimulator({ clientId: 'a' }).setClientState('a', state)],
    ['startGenesysSimulator', NO_OBJECT, (value) => startGenesysSimulator(value)],
    ['port', ofType('number', 'undefined'), (port) => startGenesysSimulator({ port })],
  ])('are told by their name, whatever kind of thing they are: %s', async (name, wrong, make) => {
    for (const { code, message } of await refusals(wrong, make)) {
      expect([code, message]).toEqual(['invalid_option', expect.stringContaining(name)])
    }
  })

  it('have defaults, for undefined too', () => {
    const simulator = new GenesysSimulator({ users: undefined })
    expect(simulator.truth.userIds()).toHaveLength(1_000)
  })

  it('include a function whose answers are checked when it is asked', () => {
    const { truth } = new GenesysSimulator({ now: new Date('2026-06-01T00:00Z'), conversationsPerDay: () => NaN })
    const count = () => truth.conversationCount('2026-03-01T00:00Z/2026-03-02T00:00Z')
    expect(count).toThrow(expect.objectContaining({ code: 'invalid_option' }))
  })

  it('include a port', async () => {
    await expect(startGenesysSimulator({ port: 70_000 })).rejects.toMatchObject({ code: 'invalid_option' })
    await expect(startGenesysSimulator({ users: -1 })).rejects.toMatchObject({ code: 'invalid_option' })
  })
})
