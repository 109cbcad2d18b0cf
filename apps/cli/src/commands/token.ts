/** `skein token`: prints only a JWT on standard output, for use in `$( )`. */
import { milliseconds, signToken, type TokenRequest } from '@skein/node'
import { type Call, type Command, type Io, text, UsageError } from '../command.ts'
import { type SigningSettings, signingSettings } from '../signing.ts'
import { localCluster, PORT_OPTION } from '../target.ts'

const DEVELOPMENT_SECRET = 'the public development secret, which production rejects'

export const token: Command = {
  name: 'token',
  words: '',
  summary: 'Prints a connection token, alone on standard output.',
  options: {
    user: { type: 'string', value: 'NAME', text: 'User of the token (claim sub). Required.' },
    ttl: { type: 'string', value: 'TIME', text: 'Lifetime: 30s, 5m, 1h, 7d. Default 1h.' },
    channels: {
      type: 'string',
      value: 'A,B',
      text: 'Server-side subscriptions of the connection (claim channels).',
    },
    info: { type: 'string', value: 'JSON', text: 'Public information about the user (claim info).' },
    port: PORT_OPTION,
  },
  notes: [
    'Signs with the secret of the running local cluster, else with SKEIN_TOKEN_HMAC_SECRET, else with the public',
    'development secret, which "docker compose up" and k8s/overlays/dev accept and production rejects.',
  ].join('\n'),
  async run(call, io) {
    io.out(signToken(signingOf(call, io), requestOf(call)))
    return 0
  },
}

/** The token request of these options. */
export function requestOf(call: Call): TokenRequest {
  const user = text(call, 'user')
  if (user === undefined || user === '') throw new UsageError('--user NAME is missing')
  const extra = call.words[0]
  if (extra !== undefined) throw new UsageError(`token takes no arguments, but got "${extra}"`)
  const ttl = milliseconds(text(call, 'ttl') ?? '1h')
  if (!(ttl >= 1000)) throw new UsageError('--ttl must be a duration of at least one second: 30s, 5m, 1h, 7d')
  const channels = (text(call, 'channels') ?? '').split(',').filter((channel) => channel !== '')
  return { user, ttl: Math.floor(ttl / 1000), channels, ...infoOf(text(call, 'info')) }
}

function infoOf(written: string | undefined): { info?: unknown } {
  if (written === undefined) return {}
  try {
    return { info: JSON.parse(written) as unknown }
  } catch {
    throw new UsageError(`--info must be JSON, such as '{"name":"Ada"}', not ${written}`)
  }
}

function signingOf(call: Call, { env, err }: Io): SigningSettings {
  const cluster = localCluster(call, env)
  if (cluster !== undefined) return cluster.signing
  if (!env['SKEIN_TOKEN_HMAC_SECRET'])
    err(`skein: no local cluster is running; signed with ${DEVELOPMENT_SECRET}`)
  return signingSettings(env)
}
