import { Backoff } from './backoff.js'

const PAUSE = { first: 1_000, max: 60_000 }
/**
 * A token that serves longer than this before its first 401, or than half of its lifetime, was good: its rejection is news,
 * not an echo of the last. Servers that count in whole seconds end a lifetime early, and a slow response tells of it late.
 */
const YOUNG = 60_000
const YOUNG_SHARE = 0.5

/**
 * Stops an API that rejects every token from becoming a storm of token requests. If a token that replaced a rejected one is
 * rejected while young, rejections cause no token request for 1 s, then 2 s, doubling to 60 s.
 */
export class RejectionPause extends Backoff {
  /** The replacement of a rejected token was rejected too. `age` and `lifetime` in milliseconds. */
  onReplacementRejected(age: number, lifetime: number): void {
    if (age < Math.min(YOUNG, YOUNG_SHARE * lifetime)) this.pause(this.grow(PAUSE))
    else this.reset()
  }
}
