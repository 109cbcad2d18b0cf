/** `skein sub`: subscribes with the official SDK and prints one JSON line per event. */
import { once } from 'node:events'
import { signToken } from '@skein/node'
import { Centrifuge, type PublicationContext, type ServerPublicationContext } from 'centrifuge'
import { type Call, type Command, flag, type Io, text, UsageError } from '../command.ts'
import { signingSettings } from '../signing.ts'
import { PORT_OPTION, requireCluster } from '../target.ts'

export const sub: Command = {
  name: 'sub',
  words: 'CHANNEL...',
  summary: 'Subscribes and prints one JSON line per publication, until Ctrl-C.',
  options: {
    user: { type: 'string', value: 'NAME', text: 'User of the token. Default: cli.' },
    presence: { type: 'boolean', text: 'Also print the presence, and each join and leave.' },
    url: { type: 'string', value: 'URL', text: 'WebSocket address. Default: the local cluster.' },
    token: {
      type: 'string',
      value: 'JWT',
      text: 'Connection token. Default: a new one for --user, see "skein token".',
    },
    port: PORT_OPTION,
  },
  notes: 'Reports connects and subscribes on standard error. Reconnects and recovers automatically.',
  async run(call, io) {
    if (call.words.length === 0) throw new UsageError('sub requires a channel: skein sub CHANNEL...')
    const { url, token } = targetOf(call, io)
    const client = new Centrifuge(url, { token, name: 'skein-cli' })
    const ended = follow(client, io)
    for (const channel of call.words) subscribe(client, channel, flag(call, 'presence'), io)
    client.on('publication', (context) => print(io, publication(context.channel, context)))
    client.connect()
    const code = await Promise.race([ended, once(io.signal, 'abort').then(() => 0)])
    client.disconnect()
    return code
  },
}

/** One week: longer than any interactive session. */
const TOKEN_SECONDS = 7 * 86_400

function targetOf(call: Call, io: Io): { readonly url: string; readonly token: string } {
  const request = { user: text(call, 'user') ?? 'cli', ttl: TOKEN_SECONDS }
  const [url, given] = [text(call, 'url'), text(call, 'token')]
  if (url !== undefined) return { url, token: given ?? signToken(signingSettings(io.env), request) }
  const cluster = requireCluster(call, io.env, 'or name one with --url ws://…')
  return {
    url: `ws://127.0.0.1:${cluster.port}/connection/websocket`,
    token: given ?? signToken(cluster.signing, request),
  }
}

/** Resolves with 1 when the server ends the connection permanently. */
const follow = (client: Centrifuge, io: Io): Promise<number> =>
  new Promise((resolve) => {
    client.on('connected', ({ client: id }) => io.err(`skein: connected as ${id}`))
    client.on('connecting', ({ code, reason }) => {
      if (code !== 0) io.err(`skein: reconnecting: ${reason} (${code})`)
    })
    client.on('error', ({ error }) => io.err(`skein: ${error.message} (${error.code})`))
    client.on('disconnected', ({ code, reason }) => {
      if (code === 0) return
      io.err(`skein: disconnected: ${reason} (${code})`)
      resolve(1)
    })
  })

function subscribe(client: Centrifuge, channel: string, presence: boolean, io: Io): void {
  const subscription = client.newSubscription(channel, { joinLeave: presence })
  subscription.on('publication', (context) => print(io, publication(channel, context)))
  subscription.on('error', ({ error }) => io.err(`skein: ${channel}: ${error.message} (${error.code})`))
  subscription.on('unsubscribed', ({ code, reason }) => {
    if (code !== 0) io.err(`skein: ${channel}: unsubscribed: ${reason} (${code})`)
  })
  subscription.on('subscribed', async ({ wasRecovering, recovered }) => {
    io.err(`skein: subscribed to ${channel}`)
    if (wasRecovering && !recovered) io.err(`skein: ${channel}: missed publications could not be recovered`)
    if (presence) await printPresence()
  })
  if (presence) {
    subscription.on('join', ({ info }) => print(io, { channel, join: info }))
    subscription.on('leave', ({ info }) => print(io, { channel, leave: info }))
  }
  subscription.subscribe()

  async function printPresence(): Promise<void> {
    try {
      const { clients } = await subscription.presence()
      print(io, { channel, presence: Object.values(clients) })
    } catch (error) {
      // The SDK rejects with { code, message }.
      const { code, message } = error as { code: number; message: string }
      io.err(`skein: ${channel}: presence: ${message} (${code})`)
    }
  }
}

const print = ({ out }: Io, line: object): void => out(JSON.stringify(line))

function publication(channel: string, context: PublicationContext | ServerPublicationContext): object {
  const { data, offset, info, tags } = context
  return {
    channel,
    ...(offset !== undefined && { offset }),
    data: data as unknown,
    ...(info !== undefined && { info }),
    ...(tags !== undefined && { tags }),
  }
}
