/** Four nginx of the image place the same clients over five nodes from SRV records, while DNS changes. */
import { freePort, waitFor } from '@skein/testkit'
import { describe, expect, it } from 'vitest'
import { readDefaults } from '../../nginx/defaults.ts'
import { handshake, range, reached, upstreams, WS } from '../../nginx/testing/clients.ts'
import type { Upstream } from '../../nginx/testing/upstream.ts'
import { startContainer } from './containers.ts'
import { type DnsServer, startDnsServer, type Target } from './dns-server.ts'
import { hasEngine, NGINX_IMAGE, ROOT } from './engine.ts'

const DOMAIN = 'nodes.test'
const REPLICAS = 4
const CLIENTS = 100

/** A container with nginx as in Kubernetes; its URL. */
async function startNginx(dns: DnsServer, policy: string): Promise<string> {
  const [port, healthPort] = [await freePort(), await freePort()]
  const settings = {
    ...readDefaults(),
    SKEIN_NGINX_LISTEN: `127.0.0.1:${port}`,
    SKEIN_NGINX_HEALTH_LISTEN: `127.0.0.1:${healthPort}`,
    SKEIN_NGINX_ACCESS_LOG: 'off',
    SKEIN_NGINX_POLICY: policy,
    SKEIN_NGINX_TRUSTED_PROXIES: 'set_real_ip_from 127.0.0.1;',
    SKEIN_NGINX_NODES_FROM: 'srv',
    SKEIN_NGINX_NODES: DOMAIN,
    SKEIN_NGINX_RESOLVER: `127.0.0.1:${dns.port}`,
  }
  await startContainer(
    '--network=host',
    '--user=101:101',
    '--tmpfs=/tmp',
    '--tmpfs=/etc/nginx/conf.d:uid=101,gid=101',
    `--volume=${ROOT}nginx/templates:/etc/nginx/templates:ro`,
    ...Object.entries(settings).map(([name, value]) => `--env=${name}=${value}`),
    NGINX_IMAGE,
    'sh',
    '/etc/nginx/templates/start.sh',
  )
  const url = `http://127.0.0.1:${port}${WS}`
  await waitFor('nginx to serve', () => isServing(url), 30_000)
  return url
}

async function isServing(url: string): Promise<boolean> {
  try {
    const answer = await handshake(url)
    answer.socket?.destroy()
    return answer.status === 101
  } catch {
    // nginx does not listen yet.
    return false
  }
}

const target = ({ name, address }: Upstream): Target => ({ name, port: Number(address.split(':')[1]) })

async function setUp(policy: string) {
  const nodes = await upstreams(6)
  const [first, , , , , replacement] = nodes
  if (first === undefined || replacement === undefined) throw new Error('six nodes were asked for')
  const dns = await startDnsServer(DOMAIN)
  dns.serve(nodes.slice(0, 5).map(target))
  const urls = await Promise.all(range(REPLICAS).map(() => startNginx(dns, policy)))
  return {
    urls,
    removed: first.name,
    added: replacement.name,
    /** Resolves after every nginx has resolved again. */
    resolved: async (): Promise<void> => {
      const before = dns.replies()
      await waitFor('new resolves', () => dns.replies() >= before + 2 * REPLICAS, 30_000)
    },
    replace: () => dns.serve([...nodes.slice(1, 5), replacement].map(target)),
  }
}

/** Node of each client: by network, or by the user of the URL. */
const KEYS = {
  ip_hash: (url: string) =>
    reached(
      url,
      range(CLIENTS).map((n) => `203.0.${n}.9`),
      'X-Forwarded-For',
    ),
  'hash $skein_user consistent': async (url: string) =>
    (await Promise.all(range(CLIENTS).map((n) => reached(`${url}?user=u${n}`, ['127.0.0.1'])))).flat(),
} as const

describe.skipIf(!hasEngine)('placement from SRV records', () => {
  it.each(['ip_hash', 'hash $skein_user consistent'] as const)(
    '%s places a client on one node in every nginx, and moves only clients of a replaced node',
    async (policy) => {
      const { urls, removed, added, resolved, replace } = await setUp(policy)
      const placements = () => Promise.all(urls.map((url) => KEYS[policy](url)))
      const [before = [], ...others] = await placements()
      for (const other of others) expect(other).toEqual(before)
      expect(new Set(before).size).toBe(5)
      await resolved()
      for (const again of await placements()) expect(again).toEqual(before)

      replace()
      await resolved()
      const [after = [], ...othersAfter] = await placements()
      for (const other of othersAfter) expect(other).toEqual(after)
      expect(after).not.toContain(removed)
      expect(after).toContain(added)
      for (const [client, node] of after.entries())
        if (before[client] !== removed && node !== added) expect(node).toBe(before[client])
    },
  )

  it('least_conn fills the nodes evenly, and a replacement as well', async () => {
    const { urls, removed, added, resolved, replace } = await setUp('least_conn')
    for (const url of urls) {
      const names: string[] = []
      for (const _ of range(10)) names.push(...(await reached(url, ['127.0.0.1'])))
      for (const name of new Set(names)) expect(names.filter((one) => one === name)).toHaveLength(2)
      expect(new Set(names).size).toBe(5)
    }
    replace()
    await resolved()
    for (const url of urls) {
      const [name] = await reached(url, ['127.0.0.1'])
      expect(name).toBe(added)
      expect(name).not.toBe(removed)
    }
  })
})
