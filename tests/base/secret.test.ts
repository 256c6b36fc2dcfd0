import { describe, expect, it } from '@jest/globals'
import { format, inspect } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { Secret } from '../../src/base/secret.js'
import { reachableText } from './reachable.js'

describe('Secret [R14]', () => {
  const secret = new Secret('canary')

  it('hands its value out when it is asked for it by name', () => {
    expect(secret.reveal()).toBe('canary')
  })

  it('is compared by value', () => {
    expect(secret.equals(new Secret('canary'))).toBe(true)
    expect(secret.equals(new Secret('another'))).toBe(false)
  })

  it('shows a placeholder wherever it is printed', () => {
    expect(String(secret)).toBe('[redacted]')
    expect(JSON.stringify({ secret })).toBe('{"secret":"[redacted]"}')
    expect(inspect({ secret })).toBe('{ secret: [redacted] }')
    expect(format('%s', secret)).toBe('[redacted]')
  })

  it('is in nothing that can be reached, cloned or serialized', () => {
    expect(reachableText({ deep: [secret] })).not.toContain('canary')
    expect(format('%s %o %O %j', secret, secret, secret, secret)).not.toContain('canary')
    expect(reachableText(deserialize(serialize({ ...secret })))).not.toContain('canary')
    expect(Reflect.ownKeys(secret)).toEqual([])
  })
})
