/** How this command line signs tokens: as the nodes that will verify them are configured. */
import { ConfigError, parseConfig, type SigningSettings } from '@skein/node'
import { type Env, Failure } from './command.ts'

export type { SigningSettings } from '@skein/node'

const VARIABLES = [
  'SKEIN_TOKEN_HMAC_SECRET',
  'SKEIN_TOKEN_ALGORITHM',
  'SKEIN_TOKEN_AUDIENCE',
  'SKEIN_TOKEN_ISSUER',
] as const

/** The token settings of an environment, and of nothing else in it. Throws {@link Failure} when they are wrong. */
export function signingSettings(env: Env): SigningSettings {
  const own = Object.fromEntries(VARIABLES.map((name) => [name, env[name]]))
  try {
    const config = parseConfig({ env: { SKEIN_ENV: 'development', ...own } })
    const { tokenHmacSecret, tokenAlgorithm, tokenAudience, tokenIssuer } = config
    return { tokenHmacSecret, tokenAlgorithm, tokenAudience, tokenIssuer }
  } catch (error) {
    if (error instanceof ConfigError) throw new Failure(error.message)
    throw error
  }
}
