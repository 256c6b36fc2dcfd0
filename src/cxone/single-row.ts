import type { StandardSchema } from '../client/standard-schema.js'

/** Reads a row that is the answer, or alone in its list under this name: NICE does not say which. */
export function singleRow<Row>(row: StandardSchema<Row>, list: string): StandardSchema<Row> {
  return {
    '~standard': {
      version: 1,
      vendor: 'everbearer',
      validate: (response) => row['~standard'].validate(onlyRow(response, list) ?? response),
    },
  }
}

function onlyRow(response: unknown, list: string): unknown {
  const rows =
    typeof response === 'object' && response !== null ? (response as Record<string, unknown>)[list] : undefined
  return Array.isArray(rows) && rows.length === 1 ? rows[0] : undefined
}
