/** The options of `renderNginx` and their translation to `SKEIN_NGINX_*` settings. */

/**
 * How nginx places a new connection. `ip-hash`: by network (the first three octets of an IPv4 address).
 * `least-conn`: on the node with the fewest connections. `hash`: consistently by an nginx variable, such as
 * `$skein_user` (`?user=` of the connection URL).
 */
export type Policy = 'ip-hash' | 'least-conn' | { readonly hash: string }

/** Certificate and key are PEM files. Plain HTTP redirects to `listen`. */
export interface TlsOptions {
  readonly listen: string
  readonly certificate: string
  readonly key: string
  /** The port in client URLs, if it is not 443. */
  readonly port?: number
}

/** The proxies in front of nginx, by address or network, that nginx trusts for the client address. */
export interface ProxiesInFront {
  readonly trusted: readonly string[]
  /** How the proxies pass the address. Default: the header `X-Forwarded-For`. */
  readonly by?: 'X-Forwarded-For' | 'PROXY protocol'
}

/** Limits per IPv4 address or IPv6 /64. */
export interface ClientLimits {
  readonly connections?: number
  readonly handshakesPerSecond?: number
  readonly handshakeBurst?: number
}

export interface NginxOptions {
  /** Absolute path of an existing, writable folder for the pid file, health socket and temporary files. */
  readonly dir: string
  /** `port` or `address:port`. */
  readonly listen: string
  /** `host:port` of each public port; at least one. */
  readonly nodes: readonly string[]
  /** Default `ip-hash`. */
  readonly policy?: Policy
  readonly tls?: TlsOptions
  readonly behind?: ProxiesInFront
  readonly limits?: ClientLimits
  /** Connections per worker, two per client. Default 16384. */
  readonly connections?: number
  /** A number or `auto` (one per core). Default 2. */
  readonly workers?: number | 'auto'
  /** A file, or `off`. Default: `access.log` in `dir`. */
  readonly accessLog?: string
}

/** nginx never marks a node as unavailable; `templates/nodes-dns.inc.template` explains why. */
const SERVER_PARAMETERS = 'max_fails=0'

export function settingsOf(options: NginxOptions): Readonly<Record<string, string>> {
  if (options.nodes.length === 0) throw new Error('nginx nodes: the list is empty, add at least one')
  const { limits = {} } = options
  return {
    SKEIN_NGINX_DIR: word('dir', options.dir),
    SKEIN_NGINX_LISTEN: word('listen', options.listen),
    SKEIN_NGINX_HEALTH_LISTEN: `unix:${word('dir', options.dir)}/health.sock`,
    SKEIN_NGINX_ACCESS_LOG_VALUE: accessLogOf(options.accessLog ?? `${options.dir}/access.log`),
    SKEIN_NGINX_NODES_FROM: 'list',
    SKEIN_NGINX_SERVERS: options.nodes.map(server).join('\n'),
    SKEIN_NGINX_POLICY_VALUE: policyOf(options.policy ?? 'ip-hash'),
    ...given('SKEIN_NGINX_WORKERS', options.workers),
    ...given('SKEIN_NGINX_CONNECTIONS', options.connections),
    ...given('SKEIN_NGINX_CONNECTIONS_PER_CLIENT', limits.connections),
    ...given('SKEIN_NGINX_HANDSHAKES_PER_SECOND', limits.handshakesPerSecond),
    ...given('SKEIN_NGINX_HANDSHAKE_BURST', limits.handshakeBurst),
    ...tlsOf(options.tls),
    ...proxiesOf(options.behind),
  }
}

function server(node: string): string {
  return `server ${word('node', node)} ${SERVER_PARAMETERS};`
}

/** nginx rejects a log format after `off`. */
function accessLogOf(file: string): string {
  return file === 'off' ? file : `${word('accessLog', file)} skein`
}

function policyOf(policy: Policy): string {
  if (typeof policy === 'object') return `hash ${word('hash key', policy.hash)} consistent`
  return policy === 'ip-hash' ? 'ip_hash' : 'least_conn'
}

function tlsOf(tls: TlsOptions | undefined): Record<string, string> {
  if (tls === undefined) return {}
  return {
    SKEIN_NGINX_TLS: 'on',
    // `watched` requires 1.27.4; a private nginx may be older.
    SKEIN_NGINX_TLS_LOADING: 'once',
    SKEIN_NGINX_TLS_LISTEN: word('tls.listen', tls.listen),
    SKEIN_NGINX_TLS_CERTIFICATE: word('tls.certificate', tls.certificate),
    SKEIN_NGINX_TLS_KEY: word('tls.key', tls.key),
    ...(tls.port === undefined ? {} : { SKEIN_NGINX_TLS_ORIGIN_PORT: `:${count('tls.port', tls.port)}` }),
  }
}

function proxiesOf(behind: ProxiesInFront | undefined): Record<string, string> {
  if (behind === undefined) return {}
  const trusted = behind.trusted.map((network) => `set_real_ip_from ${word('trusted', network)};`)
  const protocol = behind.by === 'PROXY protocol'
  return {
    SKEIN_NGINX_TRUSTED_PROXIES: trusted.join(' '),
    SKEIN_NGINX_REAL_IP_HEADER: protocol ? 'proxy_protocol' : 'X-Forwarded-For',
    SKEIN_NGINX_PROXY_PROTOCOL: protocol ? 'proxy_protocol' : '',
  }
}

function given(name: string, value: number | 'auto' | undefined): Record<string, string> {
  if (value === undefined) return {}
  return { [name]: value === 'auto' ? value : count(name, value) }
}

/** Returns `text` if it is one word of nginx syntax and so cannot end its directive; throws otherwise. */
function word(what: string, text: string): string {
  if (/^[\w.$:/[\]@%+,~-]+$/.test(text)) return text
  throw new Error(
    `nginx ${what}: ${JSON.stringify(text)} has characters that are not allowed in a configuration file`,
  )
}

function count(what: string, value: number): string {
  if (Number.isSafeInteger(value) && value > 0) return String(value)
  throw new Error(`nginx ${what}: ${value} is not a positive integer`)
}
