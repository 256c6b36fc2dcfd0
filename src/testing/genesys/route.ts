import type * as platform from '../platform/route.js'
import type { Principal } from './principal.js'

/** An API request whose token is good, and the endpoint that it finds. */
export type ApiCall = platform.ApiCall<Principal>
export type Route = platform.Route<Principal>
