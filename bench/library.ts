import { pathToFileURL } from 'node:url'
import type { Client, Hosts } from './hosts.js'

/** How a library gives the token that it has. */
export interface Getter {
  /** One that answers at once is not awaited. */
  readonly get: () => unknown
  readonly isAwaited: boolean
}

/** The getter of a library that has asked for no token yet. */
export async function getterOf(library: string, hosts: Hosts): Promise<Getter> {
  const { getter } = (await load('getters', library)) as { getter: (hosts: Hosts) => Getter | Promise<Getter> }
  return getter(hosts)
}

/** A client of the API by that library. */
export async function clientOf(library: string, hosts: Hosts): Promise<Client> {
  const { connect } = (await load('clients', library)) as { connect: (hosts: Hosts) => Client | Promise<Client> }
  return connect(hosts)
}

/** A module of its own, beside the folder of the program that runs. */
function load(folder: 'clients' | 'getters', library: string): Promise<unknown> {
  return import(new URL(`../${folder}/${library}.mjs`, pathToFileURL(process.argv[1]!)).href)
}
