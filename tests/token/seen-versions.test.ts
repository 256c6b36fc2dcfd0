import { describe, expect, it } from '@jest/globals'
import { SeenVersions } from '../../src/token/seen-versions.js'

describe('the fences that a process has seen [R35]', () => {
  it('are kept at their highest, each by its key', () => {
    const seen = new SeenVersions()
    expect(seen.of('a')).toBe(0)
    for (const fence of [2, 3, 1]) seen.add('a', fence)
    seen.add('b', 1)
    expect([seen.of('a'), seen.of('b')]).toEqual([3, 1])
  })

  it('are those of 10,000 keys: the ones that were not seen for longest are forgotten', () => {
    const seen = new SeenVersions()
    for (let number = 0; number < 10_000; number++) seen.add(`key ${number}`, 7)
    seen.add('key 0', 1)
    seen.add('one more', 7)
    expect([seen.of('key 0'), seen.of('key 1'), seen.of('key 2'), seen.of('one more')]).toEqual([7, 0, 7, 7])
  })
})
