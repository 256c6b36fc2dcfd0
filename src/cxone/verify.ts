import { checkSignal, knownOptions } from '../base/options.js'
import { asking, checkProbed, verify } from '../platform/verify.js'
import type { Outcome } from '../platform/verify.js'
import { areaRequests, VERIFIABLE_AREAS } from './areas.js'
import type { VerifiableArea } from './areas.js'
import type { CxoneSession } from './session.js'

/** What {@link Cxone.verify} is told. */
export interface VerifyOptions {
  /** The areas that you need. Default: all that have a call of this client. */
  areas?: readonly VerifiableArea[] | undefined
  signal?: AbortSignal | undefined
}

/** One thing that was tried. */
export interface VerifyCheck extends Outcome {
  /** `token`, `configuration` (where the API is), or an area. */
  readonly check: 'token' | 'configuration' | VerifiableArea
}

type Subject = Pick<VerifyCheck, 'check'>

/** Tries for a token, then for where the API is, then each area. */
export async function verifyCxone(session: CxoneSession, options: VerifyOptions): Promise<VerifyCheck[]> {
  const { areas = VERIFIABLE_AREAS, signal } = knownOptions(options, 'verify', { areas: true, signal: true })
  checkProbed('areas', areas, VERIFIABLE_AREAS)
  checkSignal(signal)
  const { client } = session
  const requests = areaRequests(session)
  return verify<Subject>(
    {
      platform: 'NICE CXone',
      tokenPlace: 'what the `issuer` names, or that of the `area` or `accessKeyEndpoint`',
      apiPlace: '`apiUrl`, if you set it',
      foundations: [
        { subject: { check: 'token' }, attempt: (limits) => client.token(limits) },
        { subject: { check: 'configuration' }, attempt: (limits) => client.locate(limits) },
      ],
      areas: VERIFIABLE_AREAS.filter((check) => areas.includes(check)).map((check) => ({
        subject: { check },
        attempt: asking(client, requests[check]),
      })),
      // A 403 or 404 without a code may still be NICE's own: the reason then is in a header, if anywhere.
      isForeign: ({ code }) => code === 'api_response_invalid',
    },
    signal,
  )
}
