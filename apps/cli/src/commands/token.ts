/** `skein token`: a JWT on standard output and nothing else, so that it can stand in `$( )`. */
import { milliseconds, signToken, type TokenRequest } from '@skein/node'
import { type Call, type Command, type Io, text, UsageError } from '../command.ts'
import { type SigningSettings, signingSettings } from '../signing.ts'
import { localCluster, PORT_OPTION } from '../target.ts'

const KNOWN = 'the known secret of development, which production refuses'

export const token: Command = {
  name: 'token',
  words: '',
  summary: 'Prints a connection token, alone on standard output.',
  options: {
    user: { type: 'string', value: 'NAME', text: "The token's user (claim sub). Needed." },
    ttl: { type: 'string', value: 'TIME', text: 'How long it is good: 30s, 5m, 1h, 7d. Default 1h.' },
    channels: {
      type: 'string',
      value: 'A,B',
      text: 'Channels that the server subscribes the connection to.',
    },
    info: { type: 'string', value: 'JSON', text: 'What others see of the user (claim info).' },
    port: PORT_OPTION,
  },
  notes: [
    'Signed with the secret of the running local cluster; without one with SKEIN_TOKEN_HMAC_SECRET; without that with the',
    'known secret of development, which "docker compose up" and k8s/overlays/dev accept and production refuses.',
  ].join('\n'),
  async run(call, io) {
    io.out(signToken(signingOf(call, io), requestOf(call)))
    return 0
  },
}

/** The token that the options ask for. */
export function requestOf(call: Call): TokenRequest {
  const user = text(call, 'user')
  if (user === undefined || user === '') throw new UsageError('whose token? Say --user NAME')
  const extra = call.words[0]
  if (extra !== undefined) throw new UsageError(`token takes no words, but got "${extra}"`)
  const ttl = milliseconds(text(call, 'ttl') ?? '1h')
  if (!(ttl >= 1000)) throw new UsageError('--ttl must be a time of at least one second: 30s, 5m, 1h, 7d')
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
  if (!env['SKEIN_TOKEN_HMAC_SECRET']) err(`skein: no local cluster runs here; signed with ${KNOWN}`)
  return signingSettings(env)
}
