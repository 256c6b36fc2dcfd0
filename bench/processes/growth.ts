// Sends requests with as much of one thing as its parent says, and tells what they cost this process.
import { bearer, clientCredentials, TokenManager, TokenManagerPool } from 'everbearer'
import type { TokenSource } from 'everbearer'
import { Agent } from 'undici'
import { costOf } from '../cost.js'
import { CONNECTIONS } from '../hosts.js'
import type { Client, Hosts } from '../hosts.js'
import { inParallel } from '../parallel.js'
import { CREDENTIALS, warmManager } from '../tokens.js'
import { undiciClient } from '../undici-client.js'

const [subject, size, hosts] = [process.argv[2]!, Number(process.argv[3]), JSON.parse(process.argv[4]!) as Hosts]
const { origin, tokenEndpoint } = hosts

const grantOf = (i: number) => clientCredentials({ tokenEndpoint, ...CREDENTIALS, clientId: `bench-${i}` })

/** Each has its token, and is used in its turn. */
async function clientOf(sources: readonly TokenSource[]): Promise<Client> {
  const agent = new Agent({ connections: CONNECTIONS })
  let warm = 0
  await inParallel(async () => void (await sources[warm++]!.getToken()), size, CONNECTIONS)
  return takingTurns(sources.map((source) => undiciClient(hosts, agent.compose(bearer(source, { origins: [origin] })))))
}

function takingTurns(clients: readonly Client[]): Client {
  let turn = 0
  return { GET: () => clients[turn++ % clients.length]!.GET() }
}

/** So many requests on the wire at once, over as many connections as ever: the API answers late. */
const lateAgent = () => new Agent({ connections: CONNECTIONS, pipelining: Math.ceil(size / CONNECTIONS) })
const LATE = '?after=5'

const SUBJECTS: Readonly<Record<string, () => Promise<Client>>> = {
  async origins() {
    const others = Array.from({ length: size - 1 }, (_, i) => `https://api-${i}.test`)
    const stamp = bearer(await warmManager(hosts), { origins: [...others, origin] })
    return undiciClient(hosts, new Agent({ connections: CONNECTIONS }).compose(stamp))
  },
  managers: () => clientOf(Array.from({ length: size }, (_, i) => new TokenManager(grantOf(i)))),
  'managers of TokenManagerPool': () => {
    const managers = new TokenManagerPool({ max: size })
    return clientOf(Array.from({ length: size }, (_, i) => managers.get(grantOf(i))))
  },
  /** What so many of anything cost: the headers of each, and a dispatcher composed for it. */
  'no-op interceptors': async () => {
    const agent = new Agent({ connections: CONNECTIONS })
    return takingTurns(
      Array.from({ length: size }, (_, i) => {
        const composed = agent.compose((dispatch) => (options, handler) => dispatch(options, handler))
        return undiciClient(hosts, composed, `Bearer given-${i}`)
      }),
    )
  },
  'requests under way': async () =>
    undiciClient(hosts, lateAgent().compose(bearer(await warmManager(hosts), { origins: [origin] })), undefined, LATE),
  'requests under way, undici': async () => undiciClient(hosts, lateAgent(), 'Bearer given', LATE),
}

const client = await SUBJECTS[subject]!()
const underWay = subject.startsWith('requests under way') ? size : CONNECTIONS
process.on('message', ({ requests }: { requests: number }) => {
  void costOf(() => inParallel(client.GET, requests, underWay)).then((cost) => process.send!(cost))
})
process.send!('ready')
