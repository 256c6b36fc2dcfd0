import { Cxone } from '../../src/cxone/index.js'
import type { CxoneOptions } from '../../src/cxone/index.js'
import { serve } from '../../src/testing/serve.js'
import type { FetchHandler } from '../../src/testing/serve.js'
import { staticToken } from '../../src/token/static-token.js'
import { CANARY, closeLater, fastClock, wire } from '../platform/connection.js'
import type { Wire } from '../platform/connection.js'

export * from '../platform/connection.js'

/** A client for an API that a test writes itself, with a token that is already there. */
export async function connectTo(
  api: FetchHandler,
  clientOptions: CxoneOptions = {},
): Promise<Wire & { cxone: Cxone; origin: string }> {
  const served = await serve(api)
  closeLater(served)
  const line = wire()
  const cxone = new Cxone(
    { tokens: staticToken(`token-${CANARY}`), apiUrl: served.origin },
    { requestsPerMinute: Infinity, clock: fastClock(), dispatcher: line.dispatcher, ...clientOptions },
  )
  closeLater(cxone)
  return { cxone, origin: served.origin, ...line }
}
