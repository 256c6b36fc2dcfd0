// Bare fetch of undici: the header is there already.
import { Agent, fetch, setGlobalDispatcher } from 'undici'
import { fetchClient } from '../fetch-client.js'
import { CONNECTIONS } from '../hosts.js'
import type { Hosts } from '../hosts.js'

setGlobalDispatcher(new Agent({ connections: CONNECTIONS }))

export const connect = (hosts: Hosts) => fetchClient(hosts, fetch as unknown as typeof globalThis.fetch, 'Bearer given')
