import { Cxone } from '../cxone/index.js'
import { startCxoneSimulator } from '../testing/index.js'
import type { CxoneFault } from '../testing/index.js'
import { idsOf } from './ids-of.js'
import type { Platform } from './platform.js'
import { SIMULATED_NOW, SIMULATED_PACE } from './simulated-month.js'

/** A night on which everything happens, each in the middle of something. */
const FAULTS: CxoneFault[] = [
  { kind: 'revoked', to: '/incontactapi', at: 60 },
  { kind: 'rate-limited', to: '/incontactapi', at: 110, retryAfter: 1 },
  { kind: 'refresh-dead', to: 'token', at: 3 },
  { kind: 'bad-gateway', to: '/incontactapi', at: 150 },
  { kind: 'down', to: 'token', at: 6, duration: 1_500 },
  { kind: 'cut', to: '/incontactapi', at: 190 },
  { kind: 'unavailable', to: '/incontactapi', at: 230, times: 2, retryAfter: 1 },
  { kind: 'rate-limited', to: '/incontactapi', at: 270, times: 2, retryAfter: 1 },
  { kind: 'cut-body', to: '/incontactapi', at: 300 },
  { kind: 'refresh-dead', to: '/incontactapi', at: 340 },
  { kind: 'revoked', to: '/incontactapi', at: 341 },
  { kind: 'unavailable', to: '/.well-known/cxone-configuration' },
]

/** Pages as small as those of other platforms: NICE's would bring a month in 31 requests, and nothing would happen. */
const SIMULATED_PAGE = 100

/** Completed contacts, then agents. */
export const cxonePlatform: Platform = {
  name: 'cxone',
  title: 'NICE CXone',
  words: { conversations: 'contacts', users: 'agents' },
  credentials: /^CXONE_(ACCESS_KEY_ID|ACCESS_KEY_SECRET|CLIENT_ID|CLIENT_SECRET|AREA|ISSUER|ACCESS_KEY_ENDPOINT)$/,
  places: ['CXONE_ACCESS_KEY_ENDPOINT', 'CXONE_ISSUER', 'CXONE_AREA'],
  pages: '/incontactapi/',
  read(env, { signal, simulated }) {
    const cxone = Cxone.fromEnv({ signal, ...(simulated && SIMULATED_PACE) }, env)
    const pageSize = simulated ? SIMULATED_PAGE : undefined
    return {
      conversations(interval) {
        const [startDate, endDate] = interval.split('/')
        const contacts = cxone.contacts.completed({ startDate, endDate, pageSize })
        return idsOf(contacts, ({ contactId }) => String(contactId))
      },
      users: () => idsOf(cxone.agents.list(), ({ agentId }) => String(agentId)),
      close: () => cxone.close(),
    }
  },
  async simulate() {
    const { env, truth, close } = await startCxoneSimulator({
      agents: 4_000,
      contactsPerDay: (day) => (day.getUTCDay() % 6 === 0 ? 350 : 1_250),
      tokenLifetime: 3,
      latency: 22,
      now: SIMULATED_NOW,
      faults: FAULTS,
    })
    return {
      env,
      expected: (interval) => {
        const [startDate = '', endDate = ''] = interval.split('/')
        return {
          conversationIds: truth.contactIds(startDate, endDate).map(String),
          userIds: truth.agentIds().map(String),
        }
      },
      close,
    }
  },
}
