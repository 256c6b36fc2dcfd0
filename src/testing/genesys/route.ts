import type * as platform from '../platform/route.js'
import type { SimulatedClient } from './simulated-client.js'

/** An API request whose token is good, and the endpoint that it finds. */
export type ApiCall = platform.ApiCall<SimulatedClient>
export type Route = platform.Route<SimulatedClient>
