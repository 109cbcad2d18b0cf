/** One node, as the environment says. `main.ts` calls it. */
import { type Config, parseConfig } from './config/config.ts'
import { ConfigError } from './config/problem.ts'
import { createLogger } from './log/logger.ts'
import { endOnSignals } from './process/signals.ts'
import { startNode } from './start.ts'

function readConfig(): Config | undefined {
  try {
    // biome-ignore lint/style/noProcessEnv: the one reader of the environment; everything else gets the configuration.
    return parseConfig({ env: process.env })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    // Before there is a logger, and for a person: as text.
    process.stderr.write(`${error.message}\n`)
    return undefined
  }
}

async function main(config: Config): Promise<void> {
  const log = createLogger({ level: config.logLevel, node: config.nodeName })
  if (config.redisUrl === '') {
    log.warn('no SKEIN_REDIS_URL: the embedded broker is used, and this node is a cluster of its own')
  }
  if (config.env === 'development') {
    log.warn('SKEIN_ENV is development: secrets are known to everyone, do not expose this node')
  }
  const running = await startNode(config, { log })
  endOnSignals(process, { log, stop: () => running.stop() })
  await running.started
}

const config = readConfig()
if (config === undefined) {
  // 78 is EX_CONFIG of sysexits.h; nothing is open yet, so nothing is left behind.
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
