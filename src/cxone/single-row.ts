import type { StandardSchema } from '../http/standard-schema.js'

/** Reads a row that is the answer, or alone in its list under this name: NICE does not say which. */
export function singleRow<Row>(row: StandardSchema<Row>, list: string): StandardSchema<Row> {
  return {
    '~standard': {
      version: 1,
      vendor: 'everbearer',
      validate: (answer) => row['~standard'].validate(onlyRow(answer, list) ?? answer),
    },
  }
}

function onlyRow(answer: unknown, list: string): unknown {
  const rows = typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>)[list] : undefined
  return Array.isArray(rows) && rows.length === 1 ? rows[0] : undefined
}
