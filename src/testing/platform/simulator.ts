import { knownOptions, type NameIn } from '../../base/options.js'
import type { Served } from '../serve.js'
import { wholeNumber } from './option-checks.js'

/** A simulated platform. */
export interface Simulator {
  /** Answers a request to any origin. */
  fetch(request: Request): Promise<Response>
}

/** Options of every simulator that listens. */
export interface ListenOptions {
  /** A TCP port on 127.0.0.1. Default 0: any free one. */
  port?: number | undefined
}

/** What a simulator that listens has, whichever it is. */
export interface Running<S extends Simulator, Truth> extends AsyncDisposable {
  /** What a client that misses nothing must have read. */
  readonly truth: Truth
  /** The simulator behind it: faults, revocation, counts. */
  readonly simulator: S
  /** Stops listening and destroys every connection. */
  close(): Promise<void>
}

/** Takes apart what is for the simulator and what says where to listen. Throws `invalid_option`. */
export function listenOptions<Options extends ListenOptions>(
  options: Options,
  whose: string,
  names: Readonly<Record<NameIn<Omit<Options, 'port'>>, unknown>>,
): { port: number; rest: Omit<Options, 'port'> } {
  const { port = 0, ...rest } = knownOptions(options, whose, { ...names, port: true } as Readonly<
    Record<NameIn<Options>, unknown>
  >)
  wholeNumber('port', port, 0, 65_535)
  return { port, rest }
}

/** What a simulator of these servers has. The first of them is its own. */
export function running<S extends Simulator & { readonly truth: unknown }>(
  simulator: S,
  servers: readonly Served[],
): Running<S, S['truth']> {
  const close = async () => {
    await Promise.all(servers.map((server) => server.close()))
  }
  return { truth: simulator.truth, simulator, close, [Symbol.asyncDispose]: close }
}
