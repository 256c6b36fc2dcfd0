import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { TelemetryEvents } from '../../src/base/telemetry.js'

/** Runs something and says what was published on a channel meanwhile. */
export async function heardOn<Name extends keyof TelemetryEvents>(
  name: Name,
  run: () => Promise<unknown>,
): Promise<TelemetryEvents[Name][]> {
  const events: TelemetryEvents[Name][] = []
  const listener = (event: unknown) => void events.push(event as TelemetryEvents[Name])
  subscribe(name, listener)
  try {
    await run()
  } finally {
    unsubscribe(name, listener)
  }
  return events
}
