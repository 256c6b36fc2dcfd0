import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect, test } from '@jest/globals'
import { openEnum } from '../../../src/platform/models/open-enum.js'

const schema = openEnum('User.state', ['active', 'deleted'])

test('any string passes, and nothing else', () => {
  expect(schema.parse('active')).toBe('active')
  expect(schema.parse('furloughed')).toBe('furloughed')
  expect(schema.safeParse(1).success).toBe(false)
})

test('a new value is told to those who listen, without the value', () => {
  const told: unknown[] = []
  const listener = (event: unknown) => void told.push(event)
  schema.parse('before')
  subscribe('everbearer:unknown-value', listener)
  schema.parse('active')
  schema.parse('furloughed')
  unsubscribe('everbearer:unknown-value', listener)
  schema.parse('after')
  expect(told).toEqual([{ path: 'User.state' }])
})

test('the values are looked at only while somebody listens', () => {
  let looks = 0
  const values = new Proxy<string[]>(['active'], {
    get: (target, key) => (looks++, Reflect.get(target, key) as unknown),
  })
  const watched = openEnum('User.state', values)
  watched.parse('furloughed')
  expect(looks).toBe(0)
})
