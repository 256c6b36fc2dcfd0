/*
 * All that is done in Redis, each at one go. The three keys of an identity:
 *
 *     …:value   a hash: the sealed value, its version, its fence, and the ttl that it was written with. The fence is that of
 *               its writer's lease, counted on where the writer had seen one as high
 *     …:lease   the owner of the lease, as long as it holds
 *     …:fence   the highest fence that was granted
 *
 * A value whose fence is lower than one that this process has seen was put back from elsewhere, by a failover that lost the
 * last write or by somebody: it counts for none. Any of them may be sent twice, by a client that lost the answer.
 */

import { MAX_STORED } from '../token/stored-size.js'
import { OVERSIZE } from './reply.js'

/** Bytes: a value, and its short fields beside it. What somebody made larger is not sent: a word takes its place. */
const MAX_REPLY = MAX_STORED + 1_000

/** KEYS value; ARGV the highest fence seen. Gives nothing, or the hash's fields and the milliseconds that it has left. */
export const READ = `
local value, version, fence, ttl = unpack(redis.call('HMGET', KEYS[1], 'value', 'version', 'fence', 'ttl'))
if redis.call('EXISTS', KEYS[1]) == 0 or (tonumber(fence) or 0) < tonumber(ARGV[1]) then return false end
if #(value or '') + #(version or '') + #(fence or '') + #(ttl or '') > ${MAX_REPLY} then
  value, version, fence, ttl = '${OVERSIZE}', '', '', ''
end
return {value or '', version or '', fence or '', ttl or '', redis.call('PTTL', KEYS[1])}`

/**
 * KEYS value, fence; ARGV the highest fence seen, the writer's fence, the expected version ('' for none), the new one, ttl,
 * and the value's fence and the sealed value, which are absent to remove it. Gives 1 when it was done. Where the fence is not
 * known any more, nobody can tell whether the writer comes too late.
 */
export const COMPARE_AND_SET = `
local highest = tonumber(redis.call('GET', KEYS[2]) or '')
if not highest or tonumber(ARGV[2]) < highest then return 0 end
local version, fence = unpack(redis.call('HMGET', KEYS[1], 'version', 'fence'))
if not version or (tonumber(fence) or 0) < tonumber(ARGV[1]) then version = '' end
if version == ARGV[4] then return 1 end
if version ~= ARGV[3] then return 0 end
redis.call('DEL', KEYS[1])
if ARGV[7] then
  redis.call('HSET', KEYS[1], 'value', ARGV[7], 'version', ARGV[4], 'fence', ARGV[6], 'ttl', ARGV[5])
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
end
return 1`

/**
 * KEYS lease, fence; ARGV owner, ttl, the milliseconds that a fence is known, the highest fence seen. Gives the fence, or who
 * holds the lease and for how long. Fences count on from Redis' clock, so that one that lost all it had goes on higher; what
 * is none, or so high that no clock comes there, was not put there by this script: nobody could count on from the highest.
 */
export const LEASE = `
if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  local holder = redis.call('GET', KEYS[1])
  if #holder > ${MAX_REPLY} then holder = '${OVERSIZE}' end
  if holder ~= ARGV[1] then return {holder, redis.call('PTTL', KEYS[1])} end
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local last = tonumber(redis.call('GET', KEYS[2]) or 0)
if not last or last >= 2 ^ 52 then last = 0 end
local fence = string.format('%.0f', math.max(now, last + 1, tonumber(ARGV[4]) + 1))
redis.call('SET', KEYS[2], fence, 'PX', ARGV[3])
return fence`

/** KEYS lease; ARGV owner. Gives the milliseconds that its lease has left, 0 or less when it has none. */
export const LEFT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PTTL', KEYS[1])`

/** KEYS lease, fence; ARGV owner, ttl, the milliseconds that a fence is known. Gives 1 when it still was the owner's. */
export const RENEW = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1`

/** KEYS lease; ARGV owner. */
export const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`
