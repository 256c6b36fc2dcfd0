import { GenesysCloud } from '../genesys/index.js'
import { startGenesysSimulator } from '../testing/index.js'
import type { GenesysFault } from '../testing/index.js'
import { idsOf } from './ids-of.js'
import type { Platform } from './platform.js'
import { SIMULATED_NOW, SIMULATED_PACE } from './simulated-month.js'

/** A night on which everything happens, each in the middle of something. */
const FAULTS: GenesysFault[] = [
  { kind: 'revoked', to: '/api', at: 60 },
  { kind: 'rate-limited', to: '/api', at: 110, retryAfter: 1 },
  { kind: 'bad-gateway', to: '/api', at: 150 },
  { kind: 'down', to: 'token', at: 4, duration: 1_500 },
  { kind: 'cut', to: '/api', at: 190 },
  { kind: 'unavailable', to: '/api', at: 230, times: 2 },
  { kind: 'rate-limited', to: '/api', at: 270, times: 2, retryAfter: 1 },
  { kind: 'cut-body', to: '/api', at: 300 },
  { kind: 'revoked', to: '/api', at: 340 },
  { kind: 'unavailable', to: '/api/v2/users', at: 10 },
]

/** Conversations by the details query, then users. */
export const genesysPlatform: Platform = {
  name: 'genesys',
  title: 'Genesys Cloud',
  words: { conversations: 'conversations', users: 'users' },
  credentials: /^GENESYS(CLOUD)?_(CLIENT_ID|CLIENT_SECRET|OAUTHCLIENT_ID|OAUTHCLIENT_SECRET|REGION|LOGIN_URL|API_URL)$/,
  places: ['GENESYS_API_URL', 'GENESYS_REGION', 'GENESYSCLOUD_REGION'],
  pages: '/api/',
  read(env, { signal, simulated }) {
    const genesys = GenesysCloud.fromEnv({ signal, ...(simulated && SIMULATED_PACE) }, env)
    const { conversations } = genesys.analytics
    return {
      conversations: (interval) => idsOf(conversations.query({ interval }), ({ conversationId }) => conversationId),
      users: () => idsOf(genesys.users.list(), ({ id }) => id),
      close: () => genesys.close(),
    }
  },
  async simulate() {
    const { env, truth, close } = await startGenesysSimulator({
      users: 4_000,
      conversationsPerDay: (day) => (day.getUTCDay() % 6 === 0 ? 350 : 1_250),
      tokenLifetime: 3,
      latency: 22,
      now: SIMULATED_NOW,
      faults: FAULTS,
    })
    return {
      env,
      expected: (interval) => ({ conversationIds: truth.conversationIds(interval), userIds: truth.userIds() }),
      close,
    }
  },
}
