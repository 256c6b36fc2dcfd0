import assert from 'node:assert/strict'

import fc from 'fast-check'

import { readCheckpoint, writeCheckpoint } from '../../../src/paging/checkpoint.js'
import { cursorPosition } from '../../../src/paging/pages-by-cursor.js'
import { numberedPosition } from '../../../src/paging/pages-by-number.js'
import { outcome, target } from '../target.js'
import { anyJson, hostile, jsonObject } from '../texts.js'

const SUBJECT = { endpoint: 'users', query: { expand: ['presence'], pageSize: 100 } }
const positions = fc.oneof(
  anyJson,
  jsonObject({ page: anyJson, row: anyJson }),
  jsonObject({ cursor: anyJson, row: anyJson }),
)
const written = positions.map((text) => writeCheckpoint(SUBJECT, JSON.parse(text)))
const forged = jsonObject({ version: fc.constant('1'), of: anyJson, position: positions }).map((text) =>
  Buffer.from(text).toString('base64url'),
)

export const CHECKPOINTS = [
  target<string>({
    name: 'checkpoint',
    inputs: hostile(written, forged),
    check(text) {
      const { value, error } = outcome(() => readCheckpoint(SUBJECT, text), ['invalid_checkpoint'])
      if (error) return
      // As JSON, which knows no infinite number: 1e400 is read as one.
      const again = readCheckpoint(SUBJECT, writeCheckpoint(SUBJECT, value))
      assert.equal(JSON.stringify(again), JSON.stringify(value))
      outcome(
        () => readCheckpoint({ ...SUBJECT, endpoint: 'other' }, writeCheckpoint(SUBJECT, value)),
        ['invalid_checkpoint'],
      )
      const numbered = outcome(() => numberedPosition(value), ['invalid_checkpoint']).value
      if (numbered)
        assert.ok(
          Number.isSafeInteger(numbered.page) &&
            numbered.page >= 1 &&
            Number.isSafeInteger(numbered.row) &&
            numbered.row >= 0,
        )
      const cursor = outcome(() => cursorPosition(value), ['invalid_checkpoint']).value
      if (cursor)
        assert.ok(
          Number.isSafeInteger(cursor.row) &&
            cursor.row >= 0 &&
            (cursor.cursor === null || typeof cursor.cursor === 'string'),
        )
    },
    read: (text) => readCheckpoint(SUBJECT, Buffer.from(text).toString('base64url')),
    openings: ['', '{"version":1,"of":"'],
  }),
]
