// What composing costs by itself.
import { Agent } from 'undici'
import type { Dispatcher } from 'undici'
import { CONNECTIONS } from '../hosts.js'
import type { Hosts } from '../hosts.js'
import { undiciClient } from '../undici-client.js'

const noOp: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => dispatch(options, handler)

export const connect = (hosts: Hosts) =>
  undiciClient(hosts, new Agent({ connections: CONNECTIONS }).compose(noOp), 'Bearer given')
