import { Child } from '../children.js'
import type { Imported } from '../imported.js'
import { row } from '../row.js'
import type { Section } from '../section.js'
import { estimate, estimateRatio } from '../statistics.js'
import { inTurns } from '../turns.js'

const PACKAGES = [
  'everbearer',
  'everbearer/genesys',
  'everbearer/cxone',
  'undici-oidc-interceptor',
  'google-auth-library',
  '@azure/core-rest-pipeline',
  '@azure/msal-node',
  '@badgateway/oauth2-client',
  'openid-client',
  'axios-auth-refresh',
  'purecloud-platform-client-v2',
]
const SDK = 'purecloud-platform-client-v2'

/** Milliseconds. */
const BARS: Readonly<Record<string, number>> = { everbearer: 8, 'everbearer/genesys': 60 }

async function imported(specifier: string): Promise<Imported> {
  await using child = new Child('import', [specifier])
  return await child.next<Imported>()
}

export const imports: Section = {
  name: 'imports',
  title: 'What an import takes beyond that of undici, each in a fresh process',

  async run({ pairs }) {
    const costs = await inTurns(Object.fromEntries(PACKAGES.map((name) => [name, () => imported(name)])), pairs)
    const of = (name: string, what: keyof Imported) => costs[name]!.map((cost) => cost[what])
    const times = PACKAGES.map((name) => {
      const bar = BARS[name]
      const memory = `${(estimate(of(name, 'bytes')).median / 1e6).toFixed(1)} MB`
      return row('imports', name, estimate(of(name, 'milliseconds')), {
        unit: 'ms',
        detail: memory,
        ...(bar !== undefined && { bar }),
      })
    })
    const memory = row(
      'imports',
      'memory: everbearer/genesys / SDK',
      estimateRatio(of('everbearer/genesys', 'bytes'), of(SDK, 'bytes')),
      { bar: 0.5 },
    )
    return { rows: [...times, memory], raw: costs }
  },
}
