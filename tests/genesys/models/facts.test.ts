import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { models } from './facts.js'

const sdk = readFileSync(
  join(import.meta.dirname, '../../../node_modules/purecloud-platform-client-v2/index.d.ts'),
  'utf8',
)

/** An interface of the official SDK, as field -> type. */
function declared(model: string): Record<string, { type: string; required?: true }> {
  const body = new RegExp(`export interface ${model} \\{([^]*?)\\n\\t\\}`).exec(sdk)?.[1] ?? ''
  const fields = [...body.matchAll(/"(\w+)"(\??): (.+);$/gm)].map(([, name, optional, type]) => [
    name,
    { type: type?.replaceAll('Models.', ''), ...(optional === '' && { required: true }) },
  ])
  return Object.fromEntries(fields) as ReturnType<typeof declared>
}

test.each(Object.keys(models))("%s is the official SDK's, field by field", (model) => {
  const facts = Object.entries(models[model] ?? {}).map(([name, { type, required }]) => [
    name,
    { type, ...(required && { required }) },
  ])
  expect(Object.fromEntries(facts)).toEqual(declared(model))
})
