/** docker-compose.yml without Grafana: the main scenario, a scale-out under load, and a node that stops. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, waitFor } from '@skein/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { containerOf } from './containers.ts'
import { buildNodeImage, docker, hasCompose } from './engine.ts'
import { clientsOf, type Endpoint, meetAndTalk, onDifferentNodes, TRUST_THIS_MACHINE } from './scenario.ts'

const SECRET = 'a-secret-for-compose-tests-0123456789abcdef'
const SERVICES = ['redis', 'node', 'nginx', 'prometheus']
const networks = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index)

describe.skipIf(!hasCompose)('docker compose', () => {
  const folder = mkdtempSync(join(tmpdir(), 'skein-compose-'))
  const settings = join(folder, 'env')
  let origin = ''
  let prometheus = ''
  let endpoint: Endpoint

  const compose = (...args: readonly string[]): Promise<string> =>
    docker('compose', '-p', 'skein-test', '--env-file', settings, ...args)
  const idsOf = async (service: string): Promise<string[]> => (await compose('ps', '-q', service)).split('\n')
  const up = (...args: readonly string[]): Promise<string> =>
    compose('up', '-d', '--no-build', '--wait', '--wait-timeout', '120', ...args, ...SERVICES)

  beforeAll(async () => {
    const [port, prometheusPort] = [await freePort(), await freePort()]
    origin = `http://localhost:${port}`
    prometheus = `http://127.0.0.1:${prometheusPort}`
    const lines = {
      SKEIN_PUBLISH: `127.0.0.1:${port}`,
      SKEIN_PROMETHEUS_PUBLISH: `127.0.0.1:${prometheusPort}`,
      SKEIN_TOKEN_HMAC_SECRET: SECRET,
      SKEIN_NGINX_TRUSTED_PROXIES: `"${TRUST_THIS_MACHINE}"`,
    }
    writeFileSync(
      settings,
      Object.entries(lines)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    )
    endpoint = {
      wsUrl: `ws://127.0.0.1:${port}/connection/websocket`,
      secret: SECRET,
      connections: async () => new Map(await Promise.all((await idsOf('node')).map(connectionsOf))),
    }
    await buildNodeImage()
    await up()
  })

  afterAll(async () => {
    await compose('down', '--volumes', '--timeout', '15')
    rmSync(folder, { recursive: true, force: true })
  })

  it('serves the demo page and nothing of the internal port', async () => {
    expect(await idsOf('node')).toHaveLength(3)
    const page = await fetch(origin)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<title>Skein')
    for (const path of ['/metrics', '/api/info', '/readyz'])
      expect((await fetch(origin + path)).status, path).toBe(404)
  })

  it('delivers everything once and in order between two nodes, across a network loss', async () => {
    const [anna, ben] = await onDifferentNodes(endpoint)
    await meetAndTalk(anna, ben)
  })

  it('runs every service unprivileged on a read-only root file system', async () => {
    for (const service of SERVICES) {
      for (const id of await idsOf(service)) {
        const [readOnly, user] = (
          await docker('inspect', '--format', '{{.HostConfig.ReadonlyRootfs}} {{.Config.User}}', id)
        ).split(' ')
        expect(readOnly, service).toBe('true')
        // The entry point of Redis drops its privileges itself.
        if (service !== 'redis') expect(user, service).toMatch(/^(node|nobody|101:101)$/)
      }
    }
  })

  it('--scale node=5 adds nodes that receive clients, and closes no connection', async () => {
    const nginx = await idsOf('nginx')
    const before = await clientsOf(endpoint, 'early', networks(1, 10))
    await up('--no-recreate', '--scale', 'node=5')
    expect(await idsOf('node')).toHaveLength(5)
    expect(await idsOf('nginx')).toEqual(nginx)
    // nginx resolves the name every 5 s; new nodes are empty until then.
    let network = 20
    await waitFor(
      'all five nodes to have clients',
      async () => {
        await clientsOf(endpoint, 'late', networks(network, 10))
        network += 10
        return [...(await endpoint.connections()).values()].every((count) => count > 0)
      },
      30_000,
    )
    expect((await endpoint.connections()).size).toBe(5)
    for (const client of before) expect(client.closes.all).toEqual([])
  })

  it('Prometheus scrapes all five nodes', async () => {
    await waitFor(
      'five targets that are up',
      async () => {
        const response = await fetch(
          `${prometheus}/api/v1/query?query=${encodeURIComponent('sum(up{job="skein-node"}) + 0 * sum(skein_connections)')}`,
        )
        const { data } = (await response.json()) as {
          data: { result: readonly { value: readonly [number, string] }[] }
        }
        return data.result[0]?.value[1] === '5'
      },
      60_000,
    )
  })

  it('a stopped node drains and exits 0 in time, and its clients reconnect to other nodes', async () => {
    const crowd = await clientsOf(endpoint, 'crowd', networks(130, 40))
    const [leaving = ''] = await idsOf('node')
    const began = performance.now()
    await docker('stop', '--time', '20', leaving)
    const seconds = (performance.now() - began) / 1000
    expect(await containerOf(leaving).state()).toMatchObject({ Status: 'exited', ExitCode: 0 })
    expect(seconds).toBeLessThan(18)
    const moved = crowd.filter((client) => client.closes.all.length > 0)
    expect(moved.length).toBeGreaterThan(0)
    for (const client of moved) expect(client.closes.all[0]).toMatchObject({ code: 3001 })
    await waitFor(
      'every client to be connected again',
      () => crowd.every((client) => client.sdk.state === 'connected'),
      30_000,
    )
  })

  it('stop drains the nodes while nginx runs: every client gets the close code of a drain', async () => {
    const crowd = await clientsOf(endpoint, 'last', networks(180, 40))
    await compose('stop')
    await waitFor('every client to be closed', () => crowd.every((client) => client.closes.all.length > 0))
    for (const client of crowd) expect(client.closes.all[0]).toMatchObject({ code: 3001 })
    for (const service of ['node', 'nginx']) {
      for (const id of (await compose('ps', '-a', '-q', service)).split('\n'))
        expect(await containerOf(id).state(), service).toMatchObject({ Status: 'exited', ExitCode: 0 })
    }
  })
})

async function connectionsOf(id: string): Promise<readonly [string, number]> {
  const program =
    "fetch('http://127.0.0.1:9090/metrics').then((r) => r.text()).then((t) => console.log(/^skein_connections (\\d+)/m.exec(t)[1]))"
  return [id, Number(await containerOf(id).exec('node', '-e', program))]
}
