// Bare undici: the header is there already.
import { Agent } from 'undici'
import { CONNECTIONS } from '../hosts.js'
import type { Hosts } from '../hosts.js'
import { undiciClient } from '../undici-client.js'

export const connect = (hosts: Hosts) => undiciClient(hosts, new Agent({ connections: CONNECTIONS }), 'Bearer given')
