import { describe, expect, it } from '@jest/globals'
import { copyToExtend } from '../../src/base/copy-to-extend.js'

describe('a copy', () => {
  it('has the members, and may get others without the original', () => {
    const original: Record<string, string> = { accept: '*/*' }
    const copy = copyToExtend(original)
    copy['authorization'] = 'Bearer token'
    expect(copy).toEqual({ accept: '*/*', authorization: 'Bearer token' })
    expect(original).toEqual({ accept: '*/*' })
  })

  it('takes a member named __proto__ for one', () => {
    const copy = copyToExtend(JSON.parse('{"__proto__":{"evil":"yes"}}') as object)
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
    expect(Object.hasOwn(copy, '__proto__')).toBe(true)
  })
})
