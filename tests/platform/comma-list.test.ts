import { expect, test } from '@jest/globals'
import { commaList } from '../../src/platform/comma-list.js'

test('texts are joined with commas; of none nothing is sent', () => {
  expect(commaList('id', ['b', 'a'])).toBe('b,a')
  expect(commaList('id', [])).toBeUndefined()
  expect(commaList('id', undefined)).toBeUndefined()
})

test.each([null, 'a,b', {}, 7, [7], [''], ['a', null], Array(1), new Set(['a'])])('%p is no list of texts', (list) => {
  expect(() => commaList('id', list as string[])).toThrow(
    expect.objectContaining({ code: 'invalid_option', message: 'Option `id` must be a list of texts.' }),
  )
})
