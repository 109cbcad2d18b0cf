/** Rules between settings, and the rules of production. */
import { isIP } from 'node:net'
import { CLOSE_TIMEOUT_MS } from '../socket/close-timeout.ts'
import { DEV_API_KEY, DEV_SECRET } from './development.ts'
import type { Problem } from './problem.ts'
import { type SettingName, type Settings, variableName } from './schema.ts'

/**
 * A shorter HMAC secret can be guessed offline from one token: RFC 7518, section 3.2 requires the hash's
 * size.
 */
const SECRET_BYTES = { HS256: 32, HS384: 48, HS512: 64 } as const
const API_KEY_BYTES = 16

type Rule = (settings: Settings) => readonly Problem[]

const problem = (name: SettingName, wrong: string, instead: string): Problem => ({
  where: variableName(name),
  wrong,
  instead,
})

/** Every violation of every rule. */
export function ruleProblems(settings: Settings): Problem[] {
  const rules = settings.env === 'production' ? [...ALWAYS, ...IN_PRODUCTION] : ALWAYS
  return rules.flatMap((rule) => rule(settings))
}

const pongBeforePing: Rule = ({ pongTimeout, pingInterval }) =>
  pongTimeout < pingInterval
    ? []
    : [problem('pongTimeout', 'is not shorter than SKEIN_PING_INTERVAL', 'lower it, or raise the interval')]

const portsDiffer: Rule = ({ port, internalPort }) =>
  port !== internalPort || port === 0
    ? []
    : [problem('internalPort', 'is also SKEIN_PORT', 'choose two ports: the internal one must not be public')]

const originsAreOrigins: Rule = ({ allowedOrigins }) =>
  allowedOrigins
    .filter((origin) => origin !== '*' && !isOrigin(origin))
    .map((origin) =>
      problem(
        'allowedOrigins',
        `"${origin}" is not an origin`,
        'write scheme and host: https://app.example.com',
      ),
    )

const proxiesAreNetworks: Rule = ({ trustedProxies }) =>
  trustedProxies
    .filter((entry) => !isNetwork(entry))
    .map((entry) =>
      problem('trustedProxies', `"${entry}" is no address or network`, 'write 10.0.0.0/8, ::1 or loopback'),
    )

/** Time for the drain window and for the reply to the last close frame. */
const drainFits: Rule = ({ drainWindow, gracePeriod }) => {
  const needed = Math.ceil((drainWindow + CLOSE_TIMEOUT_MS) / 0.8)
  if (gracePeriod === 0 || needed <= gracePeriod) return []
  const instead = `write ${needed}ms or more, or shorten the window`
  return [problem('gracePeriod', 'is too short: a drain must leave a fifth of it', instead)]
}

const webhooksNeedChat: Rule = ({ webhooks, chat }) =>
  webhooks === '' || chat
    ? []
    : [problem('webhooks', 'is set while SKEIN_CHAT is off', 'switch chat on, or leave it out')]

const previousNeedsCurrent: Rule = ({ apiKey, apiKeyPrevious }) =>
  apiKeyPrevious === '' || apiKey !== ''
    ? []
    : [problem('apiKeyPrevious', 'is set without SKEIN_API_KEY', 'set the current key, or unset this one')]

const ALWAYS: readonly Rule[] = [
  webhooksNeedChat,
  pongBeforePing,
  portsDiffer,
  originsAreOrigins,
  proxiesAreNetworks,
  drainFits,
]

const secretsAreSecret: Rule = ({ tokenHmacSecret, tokenHmacSecretPrevious, tokenAlgorithm }) => [
  ...(tokenHmacSecret === ''
    ? [problem('tokenHmacSecret', 'is missing', 'make one with `openssl rand -hex 32`')]
    : weakSecret('tokenHmacSecret', tokenHmacSecret, SECRET_BYTES[tokenAlgorithm])),
  ...(tokenHmacSecretPrevious === ''
    ? []
    : weakSecret('tokenHmacSecretPrevious', tokenHmacSecretPrevious, SECRET_BYTES[tokenAlgorithm])),
]

function weakSecret(name: SettingName, value: string, atLeast: number): Problem[] {
  const instead = `make one with \`openssl rand -hex ${atLeast}\``
  if (value === DEV_SECRET) return [problem(name, 'is the secret of development, known to everyone', instead)]
  const length = Buffer.byteLength(value)
  return length >= atLeast ? [] : [problem(name, `has ${length} bytes, fewer than ${atLeast}`, instead)]
}

const apiKeyIsSecret: Rule = ({ apiKey, apiKeyPrevious }) => [
  ...weakKey('apiKey', apiKey),
  ...weakKey('apiKeyPrevious', apiKeyPrevious),
]

function weakKey(name: SettingName, key: string): Problem[] {
  const instead = 'make one with `openssl rand -hex 24`, or leave it out to switch the server API off'
  if (key === DEV_API_KEY) return [problem(name, 'is the key of development, known to everyone', instead)]
  if (key === '' || Buffer.byteLength(key) >= API_KEY_BYTES) return []
  return [problem(name, `has fewer than ${API_KEY_BYTES} bytes`, instead)]
}

const closed: Rule = ({ allowAnonymous, allowedOrigins, demo }) => [
  ...(allowAnonymous
    ? [problem('allowAnonymous', 'is on in production', 'give clients tokens, and leave it out')]
    : []),
  ...(allowedOrigins.includes('*')
    ? [problem('allowedOrigins', 'lets any web page connect', 'list the origins of your pages')]
    : []),
  ...(demo ? [problem('demo', 'is on in production', 'leave it out: it signs a token for anyone')] : []),
]

const namespacesAreChosen: Rule = ({ config }) =>
  config === ''
    ? [
        problem(
          'config',
          'is missing',
          'write a namespaces file (docs/reference/namespaces.md) and give its path',
        ),
      ]
    : []

const IN_PRODUCTION: readonly Rule[] = [
  secretsAreSecret,
  apiKeyIsSecret,
  previousNeedsCurrent,
  closed,
  namespacesAreChosen,
]

/** Of an app: `capacitor://localhost`. The schemes that URL knows are not of apps. */
const APP_ORIGIN = /^(?!https?:|wss?:|ftp:|file:)[a-z][a-z0-9+.-]*:\/\/[a-z0-9.-]+(?::\d+)?$/

/** A `*` may be the first label of a host with two labels or more behind it. */
function isOrigin(text: string): boolean {
  const host = text.replace(/^(https?:\/\/)\*\.(?=[^.]+\.)/, '$1any.')
  if (APP_ORIGIN.test(text)) return true
  return /^https?:[^*]+$/.test(host) && URL.canParse(host) && new URL(host).origin === host
}

function isNetwork(entry: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(entry)) return true
  const [address = '', bits, ...rest] = entry.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}
