export type { IoredisClient, NodeRedisClient, RedisClient, RunScript } from './redis-client.js'
export { redisTokenStore } from './redis-token-store.js'
export type { RedisTokenStoreOptions } from './redis-token-store.js'
