import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Field } from '../../platform/models/facts.js'

const declarations = readFileSync(
  join(import.meta.dirname, '../../../node_modules/purecloud-platform-client-v2/index.d.ts'),
  'utf8',
)
const bodies = new Map(
  [...declarations.matchAll(/export interface (\w+) \{([^]*?)\n\t\}/g)].map(([, name, body]) => [name, body]),
)

/** A model of the official SDK, as field -> type; undefined when it has none of this name. */
export function officialModel(model: string): Record<string, Field> | undefined {
  const body = bodies.get(model)
  if (body === undefined) return undefined
  const fields = [...body.matchAll(/"(\w+)"(\??): (.+);$/gm)].map(([, name, optional, type]) => [
    name,
    { type: type?.replaceAll('Models.', ''), ...(optional === '' && { required: true }) },
  ])
  return Object.fromEntries(fields) as Record<string, Field>
}
