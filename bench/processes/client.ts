// Calls the API with one library, as often as its parent says, and tells what that cost this process.
import { costOf } from '../cost.js'
import type { Work } from '../cost.js'
import { CONNECTIONS } from '../hosts.js'
import type { Hosts } from '../hosts.js'
import { clientOf } from '../library.js'
import { inParallel } from '../parallel.js'

const [library, hosts] = process.argv.slice(2) as [string, string]
const client = await clientOf(library, JSON.parse(hosts) as Hosts)

process.on('message', ({ method, requests }: Work) => {
  void costOf(() => inParallel(client[method]!, requests, CONNECTIONS)).then((cost) => process.send!(cost))
})
process.send!('ready')
