/**
 * The public server of a node with a memory cluster, for tests that need the Fastify instance: `inject`,
 * `injectWS`.
 */
import { createMemoryBus, createMemoryCluster, systemClock } from '@skein/core'
import type { FastifyInstance } from 'fastify'
import { onTestFinished } from 'vitest'
import { type AppParts, buildPublicApp } from '../app.ts'
import { assemble } from '../assemble.ts'
import { parseConfig } from '../config/config.ts'
import { createLogger } from '../log/logger.ts'
import { signToken } from '../tokens/sign.ts'

export interface TestApp {
  readonly app: FastifyInstance
  readonly parts: AppParts
  /** A connection token of this node. */
  readonly token: string
}

/** Closed when the test ends. It listens on no port and has not loaded its plugins yet. */
export async function buildTestApp(env: Readonly<Record<string, string>> = {}): Promise<TestApp> {
  const config = parseConfig({ env: { SKEIN_ENV: 'development', SKEIN_NODE_NAME: 'test', ...env } })
  const cluster = createMemoryCluster(createMemoryBus(), { name: config.nodeName, clock: systemClock })
  const log = createLogger({ level: 'silent', node: config.nodeName })
  const { parts, watches, chat } = assemble(config, { cluster }, log)
  const app = await buildPublicApp(parts)
  onTestFinished(async () => {
    await app.close()
    await chat?.chat.close()
    await parts.node.close()
    await chat?.close()
    watches.stop()
  })
  await parts.node.start()
  return { app, parts, token: signToken(config, { user: 'anna', ttl: 60 }) }
}
