/** Runs the port contracts on Valkey, a fork of Redis 7.2. */

import { type RedisSetup, redisWorld } from '@skein/redis/testing'
import { redisCommand } from '@skein/testkit'
import { portContracts } from '@skein/testkit/contracts'
import { GenericContainer } from 'testcontainers'
import { describe, vi } from 'vitest'
import { hasEngine, VALKEY_IMAGE } from './engine.ts'

// The tests stop their containers. The reaper would be one more image with access to the engine socket.
vi.stubEnv('TESTCONTAINERS_RYUK_DISABLED', 'true')

const REDIS_PORT = 6379

async function valkey(): Promise<RedisSetup> {
  const container = await new GenericContainer(VALKEY_IMAGE)
    // DEBUG must be enabled for remote clients, because the published port is not local to the server.
    .withCommand(['valkey-server', '--save', '', '--enable-debug-command', 'yes'])
    .withExposedPorts(REDIS_PORT)
    .start()
  const port = container.getMappedPort(REDIS_PORT)
  return {
    url: `redis://127.0.0.1:${port}`,
    primaries: async () => [{ command: (...args) => redisCommand(port, args) }],
    stop: async () => void (await container.stop()),
  }
}

describe.skipIf(!hasEngine)('valkey', () => {
  portContracts('valkey', async () => redisWorld(await valkey()))
})
