/** @ts-ignore msw is an optional peer: without it this type is any, and nothing else of this entry changes. */
import type { HttpHandler } from 'msw'
import { EverbearerError } from '../base/errors.js'
import { invalidOption, knownOptions } from '../base/options.js'
import { parseUrl } from '../base/parse-url.js'
import type { Simulator } from './platform/simulator.js'

/**
 * A simulator as MSW request handlers, for tests that already use MSW. Needs `msw` (>= 2.15) installed; nothing else
 * in this entry does. MSW does not see what undici sends, and with that nothing of `TokenManager` or `GenesysCloud`: for those, use
 * {@link startGenesysSimulator}.
 *
 * Rejects with {@link EverbearerError} `invalid_option`, or `dependency_missing` without `msw`.
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
  if (typeof (simulator as Simulator | undefined)?.fetch !== 'function') {
    throw new EverbearerError(
      'invalid_option',
      'handlers() takes a simulator first: new GenesysSimulator() or new CxoneSimulator().',
    )
  }
  const { origin } = knownOptions(options, 'handlers', { origin: true })
  const url = typeof origin === 'string' ? parseUrl(origin) : undefined
  if (url === undefined)
    throw invalidOption(
      'origin',
      "must say for which origin the simulator responds: { origin: 'https://genesys.test' }",
    )
  const { http } = await loadMsw()
  return [http.all(`${url.origin}/*`, ({ request }) => simulator.fetch(request))]
}

async function loadMsw() {
  try {
    return await import('msw')
  } catch {
    throw new EverbearerError('dependency_missing', 'handlers() needs the package msw: npm install --save-dev msw.')
  }
}
