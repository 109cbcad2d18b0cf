/** The signing settings of this command line; they match the verifier settings of the nodes. */
import { ConfigError, parseConfig, type SigningSettings } from '@skein/node'
import { type Env, Failure } from './command.ts'

export type { SigningSettings } from '@skein/node'

const VARIABLES = [
  'SKEIN_TOKEN_HMAC_SECRET',
  'SKEIN_TOKEN_ALGORITHM',
  'SKEIN_TOKEN_AUDIENCE',
  'SKEIN_TOKEN_ISSUER',
] as const

/** Parses only the token settings of the environment. Throws {@link Failure} if one is invalid. */
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
