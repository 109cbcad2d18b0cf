import { createMemoryBus, createMemoryCluster, createNode, systemClock } from '@skein/core'
import { Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { openSocket, startTestNode } from '../testing/node.ts'
import { chatObserver } from './chat.ts'
import { metricsPage } from './documents.ts'
import { closeLabel, namespaceLabels, sdkLabel } from './labels.ts'
import { createMetrics } from './metrics.ts'

const counters = { pending: 0, pendingRemovals: 0, leaveGraces: 0, damaged: 0, reaped: 0 }

function metrics() {
  const cluster = createMemoryCluster(createMemoryBus(), { name: 'n', clock: systemClock })
  const node = createNode({ name: 'n', version: '1', cluster, channels: { namespaces: { room: {} } } })
  const admission = { maxConnections: 100, halfOpen: 0, waiting: 0, reasons: [] }
  const overload = { loopDelay: 0, causes: [] }
  const registry = new Registry()
  const options = {
    node,
    admission,
    overload,
    loopDelay: { collect: () => ({ p99: 20, max: 30 }) },
    watches: { clusterReachable: true },
    registry,
    chat: { listeners: async () => [] },
    name: 'n',
    version: '1',
    namespaces: ['room'],
    redis: () => counters,
  }
  const made = createMetrics(options)
  chatObserver(registry)
  return { node, metrics: made }
}

it('docs/reference/metrics.md lists every metric', async () => {
  // `npm run test:unit -- apps/node -u` regenerates it.
  const page = await metricsPage(metrics().metrics.registry)
  await expect(page).toMatchFileSnapshot('../../../../docs/reference/metrics.md')
})

it('a scrape shows the delay of the event loop since the last scrape', async () => {
  const page = await metrics().metrics.registry.metrics()
  expect(page).toMatch(/^skein_event_loop_delay_p99_seconds 0\.02$/m)
  expect(page).toMatch(/^skein_event_loop_delay_max_seconds 0\.03$/m)
  expect(page).not.toContain('nodejs_eventloop_lag')
})

describe('labels', () => {
  it('are bounded for any input of clients', () => {
    const namespace = namespaceLabels(['room'])
    expect(['room:a', 'x:a', 'a', '#anna', ':', 'constructor:a'].map(namespace)).toEqual([
      'room',
      'other',
      'none',
      'personal',
      'other',
      'other',
    ])
    expect(['js', '', 'mine', '__proto__'].map(sdkLabel)).toEqual(['js', 'none', 'other', 'other'])
    expect([3001, 1006, 4321, 3999].map(closeLabel)).toEqual(['3001', '1006', 'other', 'other'])
  })
})

describe('domain events', () => {
  it('are counted', async () => {
    const { node, metrics: made } = metrics()
    const { events } = node
    const client = { client: 'c', user: 'u', network: undefined, credentials: undefined }
    events.emit('commandHandled', { client, verb: 'publish', ms: 3, error: 0 })
    events.emit('commandHandled', { client, verb: 'publish', ms: 3, error: 1234 })
    events.emit('delivered', { channel: 'room:a', subscribers: 7, bytes: 70 })
    events.emit('delivered', { channel: 'room:b', subscribers: 5, bytes: 50 })
    events.emit('overflow', { queue: 'outbox', policy: 'close' })
    const text = await made.registry.metrics()
    expect(text).toContain('skein_commands_total{verb="publish",error="0"} 1')
    expect(text).toContain('skein_commands_total{verb="publish",error="application"} 1')
    expect(text).toContain('skein_delivered_total{namespace="room"} 12')
    expect(text).toContain('skein_overflows_total{queue="outbox",policy="close"} 1')
    expect(await made.registry.metrics()).toContain('skein_delivered_total{namespace="room"} 12')
    await node.close()
  })

  it('count a bad frame by its close code', async () => {
    const node = await startTestNode()
    const client = await openSocket(node.wsUrl)
    client.ws.send('this is no command')
    expect(await client.closed).toMatchObject({ code: 3501 })
    const text = await (await fetch(`${node.internalUrl}/metrics`)).text()
    expect(text).toContain('skein_bad_frames_total{code="3501"} 1')
    expect(text).toContain('skein_connections_closed_total{code="3501",by="server"} 1')
    expect(text).toMatch(/process_max_fds \d/)
  })
})
