import assert from 'node:assert/strict'

import { parseJson, parseJsonObject } from '../../../src/protocol/json.js'
import { target } from '../target.js'
import { anyJson, hostile, jsonObject } from '../texts.js'

const objects = jsonObject({ a: anyJson, ['__proto__']: anyJson, constructor: anyJson, toJSON: anyJson, '': anyJson })

function platformJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text) }
  } catch {
    return undefined
  }
}

export const JSON_TEXTS = [
  target<string>({
    name: 'json',
    inputs: hostile(anyJson, objects, '\ufeff{"a":1}', '[[[[[[[[]]]]]]]]'),
    check(text) {
      const expected = platformJson(text)
      assert.deepEqual(parseJson(text), expected)
      const members = parseJsonObject(text)
      const value = expected?.value
      const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
      assert.equal(members !== undefined, isObject)
      if (members === undefined) return
      assert.equal(Object.getPrototypeOf(members), null)
      assert.deepEqual(
        Object.keys(members),
        Object.keys(value as object).filter((name) => name !== '__proto__'),
      )
      for (const name of Object.keys(members)) assert.deepEqual(members[name], (value as Record<string, unknown>)[name])
    },
    read: parseJsonObject,
    openings: ['', '{"a":', '["'],
  }),
]
