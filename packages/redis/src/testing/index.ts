/** A world for the contracts of the ports on any kind of server, with short leases. */
import { PausableClock, pause, type RedisServer } from '@skein/testkit'
import { type ContractNode, enter, type World } from '@skein/testkit/contracts'
import { createRedisCluster } from '../index.ts'

/** The servers of a world. */
export interface RedisSetup {
  readonly url: string
  /** Servers that hold keys. */
  primaries(): Promise<readonly Pick<RedisServer, 'command'>[]>
  stop(): Promise<void>
}

export async function redisWorld(setup: RedisSetup): Promise<World> {
  const clocks = new Map<ContractNode, PausableClock>()
  const all = async (...args: string[]): Promise<string[]> => {
    const servers = await setup.primaries()
    return await Promise.all(servers.map((server) => server.command(...args)))
  }
  return {
    start: async (name) => {
      const clock = new PausableClock()
      const timing = { lease: 1000, renewal: 250, grace: 500 }
      const node = await enter(name, createRedisCluster({ url: setup.url, name, clock, timing }))
      clocks.set(node, clock)
      return node
    },
    kill: (node) => node.cluster.close(),
    pause: (node) => clocks.get(node)?.pause(),
    resume: (node) => clocks.get(node)?.resume(),
    loseMeta: async (channel) => void (await all('DEL', `skein:{${channel}}:meta`)),
    // A failover and a restart change the replication id; nodes read it when they reconnect.
    beginLife: async () => {
      await all('DEBUG', 'CHANGE-REPL-ID')
      await all('CLIENT', 'KILL', 'TYPE', 'normal')
    },
    elapse: (ms) => pause(ms),
    remains: async () => {
      const replies = await all('EVAL', REMAINS, '0')
      return replies.flatMap((reply) => reply.split('\r\n').filter((line) => line.startsWith('skein:')))
    },
    stop: () => setup.stop(),
  }
}

/** Keys without a TTL; hashes as many times as they have fields. */
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
