/** Runs `nginx -t` in the image on every combination of settings, rendered by the envsubst of the image. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { docker, dockerOutput, hasEngine, NGINX_IMAGE } from './engine.ts'

type Settings = Readonly<Record<string, string>>

const policies = ['ip_hash', 'least_conn', 'hash $skein_user consistent', 'hash $remote_addr consistent']
const fronts: readonly Settings[] = [
  {},
  { SKEIN_NGINX_TRUSTED_PROXIES: 'set_real_ip_from 10.0.0.0/8; set_real_ip_from 2001:db8::/32;' },
  {
    SKEIN_NGINX_TRUSTED_PROXIES: 'set_real_ip_from 10.0.0.0/8;',
    SKEIN_NGINX_REAL_IP_HEADER: 'proxy_protocol',
    SKEIN_NGINX_PROXY_PROTOCOL: 'proxy_protocol',
  },
]
const transports: readonly Settings[] = [
  {},
  { SKEIN_NGINX_TLS: 'on' },
  { SKEIN_NGINX_TLS: 'on', SKEIN_NGINX_TLS_LOADING: 'once' },
  { SKEIN_NGINX_TLS: 'on', SKEIN_NGINX_TLS_ORIGIN_PORT: ':8443' },
]
const sources: readonly Settings[] = [
  {},
  { SKEIN_NGINX_NODES_FROM: 'srv', SKEIN_NGINX_NODES: 'nodes.test' },
  {
    SKEIN_NGINX_NODES_FROM: 'list',
    SKEIN_NGINX_SERVERS: 'server 127.0.0.1:8081; server 127.0.0.1:8082 down;',
  },
]
const logs: readonly Settings[] = [{}, { SKEIN_NGINX_ACCESS_LOG: 'off' }]
const CHECK = ['sh', '/etc/nginx/templates/start.sh', '-t']
const combinations = policies.flatMap((policy) =>
  fronts.flatMap((front) =>
    transports.flatMap((transport) =>
      sources.map((source) => ({ SKEIN_NGINX_POLICY: policy, ...front, ...transport, ...source })),
    ),
  ),
)

describe.skipIf(!hasEngine)('nginx -t in the image', () => {
  let container = ''
  beforeAll(async () => {
    const mount = `${process.cwd()}/nginx/templates:/etc/nginx/templates:ro`
    const settings = ['--env-file', 'nginx/container.env', '-v', mount]
    container = await docker('run', '-d', '--rm', '--entrypoint', 'sleep', ...settings, NGINX_IMAGE, '600')
    const certificate = 'openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days 2'
    const files = '-keyout /etc/nginx/tls/tls.key -out /etc/nginx/tls/tls.crt'
    const made = `mkdir -p /etc/nginx/tls && ${certificate} ${files}`
    await docker('exec', container, 'sh', '-c', made)
  })
  afterAll(async () => {
    if (container !== '') await docker('rm', '-f', container)
  })

  it.each([...combinations, ...logs])('accepts %j', async (settings) => {
    const env = Object.entries(settings).flatMap(([name, value]) => ['-e', `${name}=${value}`])
    expect(await dockerOutput('exec', ...env, container, ...CHECK)).toMatchObject({ code: 0 })
  })

  it('rejects an unknown policy', async () => {
    const { code } = await dockerOutput('exec', '-e', 'SKEIN_NGINX_POLICY=no_such', container, ...CHECK)
    expect(code).toBe(1)
  })
})
