/** @ts-ignore msw is an optional peer: without it this type is any, and nothing else of this entry changes. */
import type { HttpHandler } from 'msw'
import { knownOptions } from '../base/options.js'
import type { Simulator } from './platform/simulator.js'

/**
 * A simulator as MSW request handlers, for tests that already use MSW. Needs `msw` (>= 2.15) installed; nothing else
 * in this entry does. MSW does not see what undici sends, and with that nothing of `TokenManager` or `GenesysCloud`: for those, use
 * {@link startGenesysSimulator}.
 *
 * @param options `origin`: the origin to answer for; login and API share it.
 *
 * @example
 * ```js
 * import { setupServer } from 'msw/node'
 * import { GenesysSimulator, handlers } from 'everbearer/testing'
 *
 * const simulator = new GenesysSimulator()
 * const server = setupServer(...(await handlers(simulator, { origin: 'https://genesys.test' })))
 * server.listen()
 * const answer = await fetch('https://genesys.test/api/v2/users')
 * console.log(answer.status) // 401
 * server.close()
 * ```
 */
export async function handlers(simulator: Simulator, options: { origin: string }): Promise<HttpHandler[]> {
  const { origin } = knownOptions(options, 'handlers', { origin: true })
  const { http } = await import('msw')
  return [http.all(`${new URL(origin).origin}/*`, ({ request }) => simulator.fetch(request))]
}
