import { describe, expect, test } from '@jest/globals'
import { row } from '../../../src/platform/models/row.js'

const schema = row<{ id: string; start: string }>({ id: 'string', start: 'string' })

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

describe('a number', () => {
  const numbered = row<{ contactId: number }>({ contactId: 'number' })

  test.each([0, -1, Number.MAX_SAFE_INTEGER])('%d is an id', (contactId) => {
    expect(numbered.parse({ contactId })).toEqual({ contactId })
  })

  test.each(['7', 1.5, NaN, Number.MAX_SAFE_INTEGER + 1, undefined])('%j is none', (contactId) => {
    const { error } = numbered.safeParse({ contactId })
    expect(error?.issues).toMatchObject([{ path: ['contactId'], code: 'invalid_type', expected: 'int' }])
  })
})

test('only fields of the row can be asked for, each as what it is', () => {
  // @ts-expect-error there is no such field
  row<{ id: string }>({ name: 'string' })
  // @ts-expect-error an id is a string here
  row<{ id: string }>({ id: 'number' })
  // @ts-expect-error and a number here
  row<{ id: number }>({ id: 'string' })
})
