/**
 * Every setting of a node: its name, type, default, bounds and meaning. `SKEIN_PING_INTERVAL` is
 * `pingInterval` here. docs/reference/configuration.md and .env.example are generated from this table, and a
 * test compares them.
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
      'Environment. `development` supplies public secrets and default namespaces; `production` refuses these, anonymous clients, open origins and the demo.',
    ),
    host: text('0.0.0.0', 'Address of the public listener.'),
    port: count(8080, 'Port of the public listener: WebSocket, demo page. 0: any free port.', PORT),
    internalHost: text('0.0.0.0', 'Address of the internal listener.'),
    internalPort: count(
      9090,
      'Port of the internal listener: probes, metrics, server API, `/docs`. Never expose it to the public. 0: any free port.',
      PORT,
    ),
    nodeName: text('', 'Name of this node in logs, metrics and `info`.', 'the host name'),

    redisUrl: url(
      'Redis 7.0 or newer: `redis://[user:password@]host[:port][/db]`, `redis+sentinel://host[:port],…/NAME` or `redis+cluster://host[:port],…`; `rediss` in place of `redis` for TLS. Without a URL a node is a cluster of its own.',
      REDIS_URL,
      'the embedded broker',
    ),
    redisPrefix: text(
      'skein',
      'Prefix of every Redis key and channel. Clusters with different prefixes can share a Redis.',
    ),
    config: text(
      '',
      'Path of the namespaces file, YAML or JSON; see docs/reference/namespaces.md.',
      'the namespaces of development; required in production',
    ),

    chat: flag(
      true,
      'Chat layer: `chat.` calls and the namespaces `chat`, `dm` and `people`; see docs/reference/chat.md. The same on every node.',
    ),
    webhooks: text(
      '',
      'Path of the webhooks file, YAML or JSON; see docs/reference/chat.md. The file holds secrets. The same on every node.',
      'none',
    ),

    tokenHmacSecret: secret(
      'Secret of the tokens, 32 bytes or more.',
      'a public one in development; required in production',
    ),
    tokenHmacSecretPrevious: secret(
      'Previous secret, accepted until the tokens signed with it have expired.',
      'none',
    ),
    tokenAlgorithm: choice(
      ['HS256', 'HS384', 'HS512'],
      'HS256',
      'Algorithm of the tokens. Others are rejected.',
    ),
    tokenAudience: text('', 'Required `aud` of the tokens.', 'not checked'),
    tokenIssuer: text('', 'Required `iss` of the tokens.', 'not checked'),
    tokenLength: size('4KiB', 'Maximum length of a token.', { min: 256, max: 65_536 }),
    apiKey: secret(
      'Key of the server API, 16 bytes or more.',
      'a public one in development; disables the API in production',
    ),
    apiKeyPrevious: secret(
      'Previous key of the server API, accepted besides the current one during a rotation.',
      'none',
    ),
    allowAnonymous: flag(
      false,
      'Accepts clients without a token, each with a temporary user id. Not in production.',
    ),
    allowedOrigins: list(
      'Origins of web pages that may connect, comma-separated: `https://app.example.com`, `https://*.example.com` for subdomains, `capacitor://localhost` for an app. `*` allows all, not in production. Clients without an Origin are not browsers and always pass.',
      'the host that serves the connection',
    ),
    trustedProxies: list(
      'Addresses or networks of proxies whose X-Forwarded-For is trusted, comma-separated; also `loopback`, `linklocal`, `uniquelocal`.',
      'none',
    ),

    pingInterval: duration(
      '25s',
      'Time between pings to a client. Keep the proxy’s read timeout above twice this.',
      { min: 100, max: DAY },
    ),
    pongTimeout: duration('8s', 'Time for a client to answer a ping; beyond it close code 3012.', {
      min: 50,
      max: DAY,
    }),
    staleTimeout: duration('10s', 'Time for a connection to send `connect`; beyond it close code 3502.', {
      min: 50,
      max: DAY,
    }),
    expiredGrace: duration(
      '25s',
      'Time after the expiry of its token in which a connection may still refresh.',
      {
        max: DAY,
      },
    ),
    connectsAtOnce: count(256, 'Maximum number of connect commands in progress; further ones wait.', {
      min: 1,
      max: 100_000,
    }),
    connectsWaiting: count(
      10_000,
      'Maximum number of waiting connect commands; beyond it close code 3013, with which clients reconnect.',
    ),
    maxFrame: size('64KiB', 'Maximum size of a frame from a client; beyond it close code 1009.', {
      min: 1024,
      max: 16 * 1024 ** 2,
    }),
    inboxCommands: count(
      256,
      'Maximum number of waiting commands per connection; beyond it reading pauses.',
      {
        min: 1,
        max: 10_000,
      },
    ),
    outboxBytes: size('1MiB', 'Maximum size of the outbox of a connection; beyond it close code 3008.', {
      min: 65_536,
    }),
    slowTimeout: duration('10s', 'Time without progress of a blocked socket; beyond it close code 3008.', {
      min: 100,
      max: DAY,
    }),
    bufferedPublications: count(
      10_000,
      'Maximum number of publications buffered per channel while a gap is filled, and per subscription while it starts.',
      { min: 16 },
    ),
    subscriptionsPerConnection: count(
      128,
      'Maximum number of subscriptions per connection; beyond it error 106.',
      {
        min: 1,
      },
    ),
    channelLength: count(255, 'Maximum length of a channel name in bytes.', { min: 16, max: 1024 }),
    recoveryPublications: count(0, 'Maximum number of publications in one recovery. 0: the whole history.'),
    historyPublications: count(1000, 'Maximum number of publications in one history reply.', { min: 1 }),
    writeDelay: duration(
      '10ms',
      'Time in which frames for a busy socket are collected into one write. Frames for a quiet socket are written at once.',
      { max: 1000 },
    ),
    compression: choice(
      ['off', 'shared'],
      'off',
      'Negotiation of permessage-deflate with clients that offer it. `shared`: a publication is compressed once for all its receivers; see docs/operations/compression.md.',
    ),
    positionCheckInterval: duration(
      '30s',
      'Interval in which idle channels are compared with their stream.',
      {
        min: 100,
        max: DAY,
      },
    ),
    apiMaxBody: size('1MiB', 'Maximum size of a request to the server API.', {
      min: 1024,
      max: 256 * 1024 ** 2,
    }),

    maxConnections: count(
      0,
      'Maximum number of connections of the node; beyond it handshakes get 503. 0: the process limit of open files minus a reserve.',
    ),
    handshakeRate: count(
      1000,
      'Maximum number of handshakes per second. A handshake above the rate waits for up to SKEIN_HANDSHAKE_WAIT, then gets 503 with Retry-After. 0: no limit.',
    ),
    handshakeBurst: count(1000, 'Number of handshakes at once that the rate allows.', { min: 1 }),
    handshakeWait: duration(
      '1s',
      'Maximum wait of a handshake above the rate. Keep it below the proxy’s timeout.',
      {
        max: 30_000,
      },
    ),
    maxHalfOpen: count(
      10_000,
      'Maximum number of connections without a reply to `connect`; beyond it handshakes get 503.',
      { min: 1 },
    ),
    maxLoopDelay: duration(
      '500ms',
      'Mean delay of the event loop above which a node is overloaded, and handshakes get 503. The overload ends at half of it. 0 disables the check.',
      { max: 60_000 },
    ),
    maxMemory: size(
      '0',
      'Resident memory above which a node is overloaded. 0: 85 % of the container’s limit, if it has one. A node is always overloaded above 90 % of the JavaScript heap’s limit.',
    ),

    rebalance: choice(
      ['off', 'on'],
      'off',
      'Closes the surplus of a node with more connections than the others, at SKEIN_SHED_RATE. Use it with a proxy that chooses the node with the fewest connections or by a hash; not with `ip_hash`, which returns a client to the same node.',
    ),
    rebalanceInterval: duration('15s', 'Interval of the check for a surplus.', {
      // A round needs a first second, in which the node announces it to the others.
      min: 2000,
      max: DAY,
    }),
    rebalanceSettle: duration('30s', 'Time without rebalancing after a node joined or left.', {
      max: DAY,
    }),
    shedRate: count(
      100,
      'Number of connections per second that a node closes with 3011 for a reconnect, because of a surplus or of their age.',
      { min: 1, max: 100_000 },
    ),
    maxConnectionAge: duration(
      '0',
      'Maximum age of a connection, with 20 % jitter; beyond it close code 3011, and its client reconnects. 0: no limit.',
      { max: 365 * DAY },
    ),

    drainWindow: duration(
      '10s',
      'Time over which a stopping node closes its connections evenly. Default of `POST /api/drain` as well.',
      { max: 3_600_000 },
    ),
    gracePeriod: duration(
      '0',
      'Grace period of the orchestrator between SIGTERM and SIGKILL. The drain must end within 80 % of it; a late drain is logged. 0: unknown, 1.5 windows and 10 s are assumed.',
      { max: 2 * 3_600_000 },
    ),
    logLevel: choice(LEVELS, 'info', 'Minimum level of log lines.'),
    demo: flag(
      false,
      'Demo page at `/`, and `POST /demo/token`, which signs a token for any name. Not in production.',
    ),
    fastPaths: choice(
      ['on', 'off'],
      'on',
      'Use of private members of Node for faster writes. `off`: public interfaces only, as a fallback for a problem with a new version.',
    ),
  },
  { additionalProperties: false },
)

/** Values of the settings: times in milliseconds, sizes in bytes. */
export type Settings = Readonly<Static<typeof ConfigSchema>>
export type SettingName = keyof Settings

/** Names of all settings, in the order of the documents. */
export const SETTING_NAMES = Object.keys(ConfigSchema.properties) as readonly SettingName[]

/** `pingInterval` → `SKEIN_PING_INTERVAL`. */
export function variableName(setting: string): string {
  return `SKEIN_${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}
