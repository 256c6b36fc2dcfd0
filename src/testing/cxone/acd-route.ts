import type * as platform from '../platform/route.js'
import { CxoneRefusal } from './refusals.js'
import type { Owner } from './sessions.js'

/** An API request whose token is good, and the endpoint that it finds. */
export type ApiCall = platform.ApiCall<Owner>
export type Route = platform.Route<Owner>

/** An endpoint of the ACD APIs: what is after `/incontactapi/services/{version}`, in lower case. */
export function acdRoute(method: string, path: string, response: Route['response']): Route {
  return {
    method,
    path: `/acd${path}`,
    response: (call) => {
      if (!/application\/(json|\*)|\*\/\*/.test(call.request.headers.get('accept') ?? '')) {
        throw new CxoneRefusal(406, 'not_acceptable', 'No known way to render data')
      }
      return response(call)
    },
  }
}
