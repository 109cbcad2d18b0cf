/** The public exports of a node, for `apps/cli` and for applications that embed a node. */
export type { RpcMethod } from './api/method.ts'
export { type Config, type ConfigSources, parseConfig } from './config/config.ts'
export { DEV_API_KEY, DEV_CHANNELS, DEV_SECRET } from './config/development.ts'
export { milliseconds } from './config/kinds.ts'
export { printConfig } from './config/print.ts'
export { ConfigError, type Problem } from './config/problem.ts'
export {
  ConfigSchema,
  SETTING_NAMES,
  type SettingName,
  type Settings,
  variableName,
} from './config/schema.ts'
export type { Env } from './config/variables.ts'
export { createEmbeddedClusters } from './embedded/embedded.ts'
export { type Front, type FrontOptions, startFront } from './embedded/front.ts'
export { SOCKET_PATH } from './handshake/route.ts'
export { createLogger, type LoggerOptions } from './log/logger.ts'
export { type RunningNode, type StartOptions, startNode } from './start.ts'
export type { HmacAlgorithm } from './tokens/keys.ts'
export {
  type SigningSettings,
  type SubscriptionTokenRequest,
  signSubscriptionToken,
  signToken,
  type TokenRequest,
} from './tokens/sign.ts'
export { VERSION } from './version.ts'
