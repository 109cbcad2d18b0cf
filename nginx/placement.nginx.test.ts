import { describe, expect, it } from 'vitest'
import { addresses, handshake, range, reached, upstreams, WS } from './testing/clients.ts'
import { hasNginx, startNginx } from './testing/nginx.ts'

describe.skipIf(!hasNginx)('placement', () => {
  it('ip_hash keeps a /24 together and spreads networks over all nodes', async () => {
    const nginx = await startNginx({ nodes: addresses(await upstreams(3)) })
    const oneNetwork = await reached(
      nginx.url + WS,
      range(12).map((n) => `127.0.7.${n}`),
    )
    expect(new Set(oneNetwork).size).toBe(1)
    const networks = await reached(
      nginx.url + WS,
      range(40).map((n) => `127.0.${n}.1`),
    )
    expect(new Set(networks)).toEqual(new Set(['node-0', 'node-1', 'node-2']))
  })

  it('least_conn fills the nodes evenly from one address', async () => {
    const nginx = await startNginx({ nodes: addresses(await upstreams(3)), policy: 'least-conn' })
    const names: string[] = []
    for (const _ of range(9)) names.push(...(await reached(nginx.url + WS, ['127.0.0.1'])))
    for (const name of ['node-0', 'node-1', 'node-2'])
      expect(names.filter((one) => one === name)).toHaveLength(3)
  })

  it('hash places a user on one node from any network', async () => {
    const nginx = await startNginx({ nodes: addresses(await upstreams(3)), policy: { hash: '$skein_user' } })
    const everywhere = range(9).map((n) => `127.0.${n}.1`)
    expect(new Set(await reached(`${nginx.url}${WS}?user=anna`, everywhere)).size).toBe(1)
    const users = await Promise.all(
      range(30).map((n) => reached(`${nginx.url}${WS}?user=u${n}`, ['127.0.0.1'])),
    )
    expect(new Set(users.flat()).size).toBe(3)
  })

  it('tries another node if one is down or refuses with 503', async () => {
    const nodes = await upstreams(3)
    const [gone, draining, healthy] = nodes
    const nginx = await startNginx({ nodes: addresses(nodes) })
    await gone?.close()
    draining?.refuse()
    const names = await reached(
      nginx.url + WS,
      range(30).map((n) => `127.0.${n}.1`),
    )
    expect(new Set(names)).toEqual(new Set([healthy?.name]))
  })

  it('passes the last 503 with its Retry-After to the client if every node refuses', async () => {
    const nodes = await upstreams(3)
    const nginx = await startNginx({ nodes: addresses(nodes) })
    for (const node of nodes) node.refuse()
    const { status, headers } = await handshake(nginx.url + WS)
    expect(status).toBe(503)
    expect(headers['retry-after']).toBe('3')
    expect(nodes.map((node) => node.requests())).toEqual([1, 1, 1])
  })

  it.each(['ip-hash', 'least-conn'] as const)('%s uses a recovered node again at once', async (policy) => {
    const nodes = await upstreams(3)
    const nginx = await startNginx({ nodes: addresses(nodes), policy })
    const networks = range(30).map((n) => `127.0.${n}.1`)
    // As in a rolling update: each node refuses for a while and recovers; no client disconnects in between.
    for (const node of nodes) {
      node.refuse()
      expect(await reached(nginx.url + WS, networks)).not.toContain(node.name)
      node.serve()
    }
    for (const node of nodes) node.refuse()
    expect(new Set(await reached(nginx.url + WS, networks))).toEqual(new Set(['status 503']))
    for (const node of nodes) node.serve()
    const counts = Map.groupBy(await reached(nginx.url + WS, networks), (name) => name)
    expect([...counts.keys()].sort()).toEqual(['node-0', 'node-1', 'node-2'])
    for (const [, some] of counts) expect(some.length).toBeGreaterThan(3)
  })
})
