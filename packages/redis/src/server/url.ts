/**
 * URL of Redis:
 *
 *     redis://[user:password@]host[:port][/db]             one server
 *     redis+sentinel://[user:password@]h1[:p1],h2[:p2]/NAME[/db][?sentinel=user:password]
 *     redis+cluster://[user:password@]h1[:p1],h2[:p2]
 *
 * `rediss` instead of `redis` selects TLS, for Sentinels too. User and password are percent-encoded.
 */

export interface Endpoint {
  readonly host: string
  readonly port: number
}

export interface Credentials {
  readonly username?: string
  readonly password?: string
}

export interface RedisUrl {
  readonly kind: 'one' | 'sentinel' | 'cluster'
  /** The server, the Sentinels, or some servers of the Cluster. */
  readonly endpoints: readonly Endpoint[]
  readonly credentials: Credentials
  readonly tls: boolean
  readonly db: number
  /** Name of the primary at the Sentinels; empty for other kinds. */
  readonly name: string
  readonly sentinelCredentials: Credentials
}

const URL_SHAPE = /^redis(s?)(?:\+(sentinel|cluster))?:\/\/(?:([^@/]*)@)?([^/?]+)(?:\/([^?]*))?(?:\?(.*))?$/
const REDIS_PORT = 6379
const SENTINEL_PORT = 26_379

/** Throws an `Error` that names the invalid part of the URL, without its password. */
export function parseRedisUrl(url: string): RedisUrl {
  const [, secure, plus = 'one', login, hosts = '', path = '', query] = URL_SHAPE.exec(url) ?? []
  if (secure === undefined) {
    throw new Error(
      'the Redis URL must begin with redis://, rediss://, redis+sentinel:// or redis+cluster://',
    )
  }
  const kind = plus as RedisUrl['kind']
  const [name, db] = kind === 'sentinel' ? split(path, '/') : ['', path]
  if (kind === 'sentinel' && name === '') {
    throw new Error('redis+sentinel:// needs the name of the primary: redis+sentinel://host:26379/NAME')
  }
  if (!/^\d*$/.test(db)) throw new Error(`the Redis URL names the database "${db}", which is not a number`)
  if (kind === 'cluster' && Number(db) !== 0)
    throw new Error('a Redis Cluster has only database 0: remove the database from the URL')
  const defaultPort = kind === 'sentinel' ? SENTINEL_PORT : REDIS_PORT
  return {
    kind,
    endpoints: hosts.split(',').map((host) => endpoint(host, defaultPort)),
    credentials: credentials(login),
    tls: secure === 's',
    db: Number(db),
    name: decodeURIComponent(name),
    sentinelCredentials: credentials(new URLSearchParams(query).get('sentinel') ?? undefined),
  }
}

/** `host:port`, which identifies a server. */
export function addressOf({ host, port }: Endpoint): string {
  return `${host}:${port}`
}

function endpoint(text: string, defaultPort: number): Endpoint {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? []
  const host = bracketed ?? plain
  if (host === undefined) throw new Error(`"${text}" in the Redis URL is not host:port`)
  return { host, port: port === undefined ? defaultPort : Number(port) }
}

function credentials(login: string | undefined): Credentials {
  if (login === undefined) return {}
  const [username, password] = split(login, ':')
  return {
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: decodeURIComponent(password) }),
  }
}

function split(text: string, by: string): [string, string] {
  const at = text.indexOf(by)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}
