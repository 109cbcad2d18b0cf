/**
 * Every setting of a node, once: its name, type, default, bounds and meaning. `SKEIN_PING_INTERVAL` is `pingInterval`
 * here. docs/reference/configuration.md and .env.example are written from this table and compared with it by a test.
 */
import Type, { type Static } from 'typebox'
import { choice, count, duration, flag, list, secret, size, text, url } from './kinds.ts'

const DAY = 86_400_000
const PORT = { max: 65_535 }
const REDIS_URL = '^rediss?(\\+cluster)?://\\S+$|^rediss?\\+sentinel://[^\\s/]+/[^\\s/]+'
const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

export const ConfigSchema = Type.Object(
  {
    env: choice(
      ['development', 'production'],
      'production',
      'What is allowed. `development` supplies known secrets and default namespaces; `production` refuses them, anonymous clients, open origins and the demo.',
    ),
    host: text('0.0.0.0', 'Address of the public listener.'),
    port: count(8080, 'Port of the public listener: WebSocket, demo page. 0: any free one.', PORT),
    internalHost: text('0.0.0.0', 'Address of the internal listener.'),
    internalPort: count(
      9090,
      'Port of the internal listener: probes, metrics, server API, `/docs`. Never route it to the public. 0: any free one.',
      PORT,
    ),
    nodeName: text('', 'Name of this node in logs, metrics and `info`.', 'the host name'),

    redisUrl: url(
      'Redis 7.0 or newer: `redis://[user:password@]host[:port][/db]`, `redis+sentinel://host[:port],…/NAME` or `redis+cluster://host[:port],…`; `rediss` in place of `redis` for TLS. Without it a node is a cluster of its own.',
      REDIS_URL,
      'the embedded broker',
    ),
    redisPrefix: text('skein', 'Start of every Redis key and channel, so that clusters can share a Redis.'),
    config: text(
      '',
      'Path of the namespaces file, YAML or JSON; see docs/reference/namespaces.md.',
      'the namespaces of development; needed in production',
    ),

    chat: flag(
      true,
      'The chat layer: `chat.` calls and the namespaces `chat`, `dm` and `people`; see docs/reference/chat.md. The same on every node.',
    ),
    webhooks: text(
      '',
      'Path of the webhooks file, YAML or JSON; see docs/reference/chat.md. It holds secrets. The same on every node.',
      'none',
    ),

    tokenHmacSecret: secret(
      'Secret of the tokens, 32 bytes or more.',
      'a known one in development; needed in production',
    ),
    tokenHmacSecretPrevious: secret(
      'Former secret, accepted while the tokens signed with it run out.',
      'none',
    ),
    tokenAlgorithm: choice(
      ['HS256', 'HS384', 'HS512'],
      'HS256',
      'The one algorithm that tokens may be signed with.',
    ),
    tokenAudience: text('', 'Tokens must carry this `aud`.', 'not checked'),
    tokenIssuer: text('', 'Tokens must carry this `iss`.', 'not checked'),
    tokenLength: size('4KiB', 'The longest token.', { min: 256, max: 65_536 }),
    apiKey: secret(
      'Key of the server API, 16 bytes or more.',
      'a known one in development; the API is off in production',
    ),
    apiKeyPrevious: secret(
      'Former key of the server API, accepted beside the current one during a rotation.',
      'none',
    ),
    allowAnonymous: flag(false, 'Clients without a token get a temporary user id. Not in production.'),
    allowedOrigins: list(
      'Origins of web pages that may connect, comma-separated: `https://app.example.com`. `*` opens it for all, not in production. Clients that send no Origin are not browsers and always pass.',
      'the host that serves the connection',
    ),
    trustedProxies: list(
      'Addresses or networks whose X-Forwarded-For is believed, comma-separated; also `loopback`, `linklocal`, `uniquelocal`.',
      'none',
    ),

    pingInterval: duration(
      '25s',
      'Time between pings to a client. Keep the proxy’s read timeout above twice this.',
      { min: 100, max: DAY },
    ),
    pongTimeout: duration('8s', 'A client that has not answered a ping by then is closed with 3012.', {
      min: 50,
      max: DAY,
    }),
    staleTimeout: duration('10s', 'A connection that has not sent `connect` by then is closed with 3502.', {
      min: 50,
      max: DAY,
    }),
    expiredGrace: duration('25s', 'How long after its token’s end a connection may still refresh.', {
      max: DAY,
    }),
    connectsAtOnce: count(256, 'Connect commands in progress; further ones wait.', { min: 1, max: 100_000 }),
    connectsWaiting: count(
      10_000,
      'Connect commands waiting; beyond it close code 3013, with which clients come back.',
    ),
    maxFrame: size('64KiB', 'The largest frame from a client; beyond it close code 1009.', {
      min: 1024,
      max: 16 * 1024 ** 2,
    }),
    inboxCommands: count(256, 'Commands waiting per connection; beyond it reading pauses.', {
      min: 1,
      max: 10_000,
    }),
    outboxBytes: size('1MiB', 'Bytes waiting per connection; beyond it close code 3008.', { min: 65_536 }),
    slowTimeout: duration('10s', 'A client whose socket takes nothing for this long is closed with 3008.', {
      min: 100,
      max: DAY,
    }),
    bufferedPublications: count(
      10_000,
      'Publications held per channel while a gap is filled, and per subscription while it is set up.',
      { min: 16 },
    ),
    subscriptionsPerConnection: count(128, 'Subscriptions of one connection; beyond it error 106.', {
      min: 1,
    }),
    channelLength: count(255, 'Bytes of a channel name.', { min: 16, max: 1024 }),
    recoveryPublications: count(
      0,
      'Publications that one recovery may carry; 0: all that the history holds.',
    ),
    historyPublications: count(1000, 'Publications that one history reply may carry.', { min: 1 }),
    writeDelay: duration(
      '10ms',
      'How long frames for a busy socket wait to be written together. A quiet socket is written at once.',
      { max: 1000 },
    ),
    compression: choice(
      ['off', 'shared'],
      'off',
      'Whether permessage-deflate is agreed on with clients that offer it. `shared`: publications and their batches are deflated once for all who get them; see docs/operations/compression.md.',
    ),
    positionCheckInterval: duration('30s', 'Idle channels are compared with their stream this often.', {
      min: 100,
      max: DAY,
    }),
    apiMaxBody: size('1MiB', 'The largest request to the server API.', { min: 1024, max: 256 * 1024 ** 2 }),

    maxConnections: count(
      0,
      'Connections of this node; beyond it handshakes get 503 and the node is not ready. 0: what the process limit of open files leaves after a reserve.',
    ),
    handshakeRate: count(
      1000,
      'Handshakes a second. Who comes too early waits for up to SKEIN_HANDSHAKE_WAIT, then gets 503 with Retry-After. 0: no limit.',
    ),
    handshakeBurst: count(1000, 'Handshakes that may come at once before the rate counts.', { min: 1 }),
    handshakeWait: duration(
      '1s',
      'The longest wait of a handshake for its turn. Keep it below the proxy’s patience.',
      {
        max: 30_000,
      },
    ),
    maxHalfOpen: count(
      10_000,
      'Connections that were opened and have not been answered `connect`; beyond it handshakes get 503.',
      { min: 1 },
    ),
    maxLoopDelay: duration(
      '500ms',
      'The mean delay of the event loop from which a node counts as overloaded: not ready, handshakes get 503. Over at half of it. 0: not watched.',
      { max: 60_000 },
    ),
    maxMemory: size(
      '0',
      'Resident memory from which a node counts as overloaded. 0: 85 % of the container’s limit, where there is one. 90 % of the JavaScript heap’s limit counts in any case.',
    ),

    rebalance: choice(
      ['off', 'on'],
      'off',
      'Whether a node with more connections than the others gives its surplus away, at a pace. Only where new connections go to the emptiest node or by a hash: not with `ip_hash`, which brings a client back to the same node.',
    ),
    rebalanceInterval: duration('15s', 'How often a node looks whether it has a surplus.', {
      // In a shorter one a turn would end with its first second, in which it only tells the others.
      min: 2000,
      max: DAY,
    }),
    rebalanceSettle: duration('30s', 'No surplus is given away for this long after a node came or went.', {
      max: DAY,
    }),
    shedRate: count(
      100,
      'Connections a second that are asked to come back, because of a surplus or of their age. Close code 3011.',
      { min: 1, max: 100_000 },
    ),
    maxConnectionAge: duration(
      '0',
      'A connection of this age, give or take a fifth, is asked to come back. 0: never.',
      { max: 365 * DAY },
    ),

    drainWindow: duration(
      '10s',
      'At the end of a node its connections are closed evenly over this time, and at `POST /api/drain` unless that says otherwise.',
      { max: 3_600_000 },
    ),
    gracePeriod: duration(
      '0',
      'How long the orchestrator waits after SIGTERM before it kills. The drain must leave a fifth of it; what is late is logged. 0: not known, taken as the window and a half, and 10 s.',
      { max: 2 * 3_600_000 },
    ),
    logLevel: choice(LEVELS, 'info', 'The least level that is logged.'),
    demo: flag(
      false,
      'Serves the demo page at `/`, and at `POST /demo/token` signs a token for whatever name it is given. Not in production.',
    ),
  },
  { additionalProperties: false },
)

/** The settings as values: times in milliseconds, sizes in bytes. */
export type Settings = Readonly<Static<typeof ConfigSchema>>
export type SettingName = keyof Settings

/** The names of all settings, in the order of the documents. */
export const SETTING_NAMES = Object.keys(ConfigSchema.properties) as readonly SettingName[]

/** `pingInterval` → `SKEIN_PING_INTERVAL`. */
export function variableName(setting: string): string {
  return `SKEIN_${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}
