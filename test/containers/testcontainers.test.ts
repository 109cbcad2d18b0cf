/** The node image, Redis and nginx in testcontainers: the main scenario, with nodes resolved by DNS. */
import { scrape, TEST_SECRET, total } from '@skein/testkit'
import { GenericContainer, Network, type StartedTestContainer, Wait } from 'testcontainers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readDefaults } from '../../nginx/defaults.ts'
import { buildNodeImage, hasEngine, NGINX_IMAGE, NODE_IMAGE, REDIS_IMAGE, ROOT } from './engine.ts'
import { clientsOf, type Endpoint, meetAndTalk, onDifferentNodes, TRUST_THIS_MACHINE } from './scenario.ts'

// The tests stop their containers. The reaper would be one more image with access to the engine socket.
vi.stubEnv('TESTCONTAINERS_RYUK_DISABLED', 'true')

const NODE_SETTINGS = {
  SKEIN_ENV: 'development',
  SKEIN_REDIS_URL: 'redis://redis:6379',
  SKEIN_TOKEN_HMAC_SECRET: TEST_SECRET,
  SKEIN_TRUSTED_PROXIES: 'uniquelocal',
  SKEIN_DRAIN_WINDOW: '1s',
}

describe.skipIf(!hasEngine)('testcontainers', () => {
  const undo: (() => Promise<unknown>)[] = []
  let nodes: readonly StartedTestContainer[] = []
  let endpoint: Endpoint

  const started = async (container: GenericContainer): Promise<StartedTestContainer> => {
    const running = await container.start()
    undo.push(() => running.stop())
    return running
  }

  beforeAll(async () => {
    await buildNodeImage()
    const network = await new Network().start()
    undo.push(() => network.stop())
    await started(new GenericContainer(REDIS_IMAGE).withNetwork(network).withNetworkAliases('redis'))
    const node = (): GenericContainer =>
      new GenericContainer(NODE_IMAGE)
        .withNetwork(network)
        .withNetworkAliases('node')
        .withEnvironment(NODE_SETTINGS)
        .withDroppedCapabilities('ALL')
        .withSecurityOpt('no-new-privileges')
        .withExposedPorts(8080, 9090)
        .withWaitStrategy(Wait.forHealthCheck())
    nodes = await Promise.all([started(node()), started(node()), started(node())])
    const nginx = await started(
      new GenericContainer(NGINX_IMAGE)
        .withNetwork(network)
        .withEnvironment({ ...readDefaults(), SKEIN_NGINX_TRUSTED_PROXIES: TRUST_THIS_MACHINE })
        .withBindMounts([{ source: `${ROOT}nginx/templates`, target: '/etc/nginx/templates', mode: 'ro' }])
        .withCommand(['sh', '/etc/nginx/templates/start.sh'])
        .withExposedPorts(8000, 8081)
        .withWaitStrategy(Wait.forHttp('/livez', 8081)),
    )
    endpoint = {
      wsUrl: `ws://${nginx.getHost()}:${nginx.getMappedPort(8000)}/connection/websocket`,
      connections: async () => new Map(await Promise.all(nodes.map(connectionsOf))),
    }
  })

  afterAll(async () => {
    while (undo.length > 0) await undo.pop()?.()
  })

  it('delivers everything once and in order between two nodes, across a network loss', async () => {
    const [anna, ben] = await onDifferentNodes(endpoint)
    await meetAndTalk(anna, ben)
  })

  it('ip_hash spreads the clients of forty networks over all nodes', async () => {
    await clientsOf(
      endpoint,
      'crowd',
      Array.from({ length: 40 }, (_, index) => index + 100),
    )
    for (const [name, count] of await endpoint.connections()) expect(count, name).toBeGreaterThan(0)
  })

  it('serves nothing of the internal port', async () => {
    const origin = endpoint.wsUrl.replace('ws:', 'http:').replace('/connection/websocket', '')
    for (const path of ['/metrics', '/livez', '/api/info', '/docs', '/console']) {
      expect((await fetch(origin + path)).status, path).toBe(404)
    }
  })
})

async function connectionsOf(node: StartedTestContainer): Promise<readonly [string, number]> {
  const samples = await scrape(`http://${node.getHost()}:${node.getMappedPort(9090)}`)
  return [node.getName(), total(samples, 'skein_connections')]
}
