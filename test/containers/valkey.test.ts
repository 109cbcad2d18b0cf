/** The ports' contracts on Valkey, which took another way than Redis after 7.2. */

import { type Place, redisWorld } from '@skein/redis/testing'
import { redisCommand } from '@skein/testkit'
import { portContracts } from '@skein/testkit/contracts'
import { GenericContainer } from 'testcontainers'
import { describe, vi } from 'vitest'
import { hasEngine, VALKEY_IMAGE } from './engine.ts'

// What these tests start they stop; the reaper would be one more image, with the engine's socket in its hands.
vi.stubEnv('TESTCONTAINERS_RYUK_DISABLED', 'true')

const PORT = 6379

async function valkey(): Promise<Place> {
  const container = await new GenericContainer(VALKEY_IMAGE)
    // Commands come by the published port, which is not local to the server.
    .withCommand(['valkey-server', '--save', '', '--enable-debug-command', 'yes'])
    .withExposedPorts(PORT)
    .start()
  const port = container.getMappedPort(PORT)
  return {
    url: `redis://127.0.0.1:${port}`,
    primaries: async () => [{ command: (...args) => redisCommand(port, args) }],
    stop: async () => void (await container.stop()),
  }
}

describe.skipIf(!hasEngine)('valkey', () => {
  portContracts('valkey', async () => redisWorld(await valkey()))
})
