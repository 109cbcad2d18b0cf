/** The ports' contracts on a private Redis, with leases short enough to see nodes die. */
import { PausableClock, pause, startRedis } from '@skein/testkit'
import { type ContractNode, enter, portContracts, type World } from '@skein/testkit/contracts'
import { createRedisCluster } from './index.ts'

async function redisWorld(): Promise<World> {
  const redis = await startRedis()
  const clocks = new Map<ContractNode, PausableClock>()
  return {
    start: async (name) => {
      const clock = new PausableClock()
      const timing = { lease: 1000, renewal: 250, grace: 500 }
      const node = await enter(name, createRedisCluster({ url: redis.url, name, clock, timing }))
      clocks.set(node, clock)
      return node
    },
    kill: (node) => node.cluster.close(),
    pause: (node) => clocks.get(node)?.pause(),
    resume: (node) => clocks.get(node)?.resume(),
    loseMeta: async (channel) => void (await redis.command('DEL', `skein:{${channel}}:meta`)),
    elapse: (ms) => pause(ms),
    remains: async () => {
      const reply = await redis.command('EVAL', REMAINS, '0')
      return reply.split('\r\n').filter((line) => line.startsWith('skein:'))
    },
    stop: () => redis.stop(),
  }
}

/** Keys without an end. Of hashes and sets, as many times as they have members. */
const REMAINS = `
local found = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  if redis.call('TTL', key) == -1 then
    local kind = redis.call('TYPE', key).ok
    local size = kind == 'hash' and redis.call('HLEN', key) or 1
    for at = 1, size do found[#found + 1] = key end
  end
end
return found`

portContracts('redis', redisWorld)
