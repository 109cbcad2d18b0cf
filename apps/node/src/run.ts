/** Runs one node, configured by the environment. `main.ts` imports it. */
import { type Config, parseConfig } from './config/config.ts'
import { ConfigError } from './config/problem.ts'
import { createLogger } from './log/logger.ts'
import { endOnSignals } from './process/signals.ts'
import { startNode } from './start.ts'

function readConfig(): Config | undefined {
  try {
    // biome-ignore lint/style/noProcessEnv: the only reader of the environment.
    return parseConfig({ env: process.env })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    // Plain text for a person: the logger needs the configuration.
    process.stderr.write(`${error.message}\n`)
    return undefined
  }
}

async function main(config: Config): Promise<void> {
  const log = createLogger({ level: config.logLevel, node: config.nodeName })
  if (config.redisUrl === '') {
    log.warn('SKEIN_REDIS_URL is not set: this node uses the embedded broker and is a cluster of its own')
  }
  if (config.env === 'development') {
    log.warn('SKEIN_ENV is development: its secrets are public, do not expose this node')
  }
  const running = await startNode(config, { log })
  endOnSignals(process, { log, stop: () => running.stop() })
  await running.started
}

const config = readConfig()
if (config === undefined) {
  // 78 is EX_CONFIG of sysexits.h. Nothing is open yet.
  process.exitCode = 78
} else {
  main(config).catch((error: unknown) => {
    createLogger({ level: config.logLevel, node: config.nodeName }).fatal(
      { err: error },
      'the node cannot start',
    )
    process.exit(1)
  })
}
