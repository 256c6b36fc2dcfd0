import { expect, test } from '@jest/globals'
import { row } from '../../../src/platform/models/row.js'

const schema = row<{ id: string; start: string }>('id', 'start')

test('a row is handed on as it is', () => {
  const value = { id: '1', start: 'now', more: null }
  expect(schema.parse(value)).toBe(value)
})

test.each([undefined, null, 'text', 7, []])('%j is no row', (value) => {
  expect(schema.safeParse(value).error?.issues).toMatchObject([{ path: [], code: 'invalid_type' }])
})

test('each missing string is named', () => {
  expect(schema.safeParse({ id: 7 }).error?.issues.map(({ path }) => path)).toEqual([['id'], ['start']])
})

test('only fields of the row can be asked for', () => {
  // @ts-expect-error there is no such field
  row<{ id: string }>('name')
})
