import { Cxone } from '../../src/cxone/index.js'
import type { CxoneOptions } from '../../src/cxone/index.js'
import type { FetchHandler } from '../../src/testing/serve.js'
import { staticToken } from '../../src/token/static-token.js'
import { CANARY, closeLater, served } from '../platform/connection.js'
import type { Wire } from '../platform/connection.js'

export * from '../platform/connection.js'

/** A client for an API that a test writes itself, with a token that is already there. */
export async function connectTo(
  api: FetchHandler,
  clientOptions: CxoneOptions = {},
): Promise<Wire & { cxone: Cxone; origin: string }> {
  const { origin, pace, ...wire } = await served(api)
  const cxone = new Cxone({ tokens: staticToken(`token-${CANARY}`), apiUrl: origin }, { ...pace, ...clientOptions })
  closeLater(cxone)
  return { cxone, origin, ...wire }
}

/** An empty answer. */
export const noContent = () => new Response(null, { status: 204 })

/** The whole numbers of a request's query, such as `skip` and `top`. */
export function numbersOf(request: { readonly url: string }, ...names: readonly string[]): number[] {
  const { searchParams } = new URL(request.url)
  return names.map((name) => Number(searchParams.get(name)))
}
