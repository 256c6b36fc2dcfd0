import { describe } from '@jest/globals'
import { hasRedis } from './redis-server.js'

/** Like `describe`, for what needs a real Redis: without one it is skipped, which the end of the run says in one line. */
export const describeRedis = hasRedis ? describe : describe.skip
