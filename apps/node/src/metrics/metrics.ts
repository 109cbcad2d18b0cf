/** What Prometheus is told of a node: domain events become numbers here and nowhere else. Of the process: `process.ts`. docs/metrics.md. */
import type { Chat } from '@skein/chat'
import type { DomainEvents, Events, SkeinNode } from '@skein/core'
import type { RedisCounters } from '@skein/redis'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Admission } from '../admission/admission.ts'
import type { LoopDelay } from '../admission/loop-delay.ts'
import type { Overload } from '../admission/overload.ts'
import { SECONDS } from './buckets.ts'
import { showListeners } from './chat.ts'
import { closeLabel, namespaceLabels, sdkLabel } from './labels.ts'
import { processMetrics, showLoopDelay } from './process.ts'
import { Tally } from './tally.ts'

export interface Metrics {
  readonly registry: Registry
  handshakeRefused(reason: string): void
  socketError(code: string): void
  /** A publication, or a batch that many share. Bytes. */
  deflated(before: number, after: number): void
  inflateRefused(reason: string): void
  /** `error` 0: it went well. */
  apiCalled(method: string, error: number, seconds: number): void
}

export interface MetricsOptions {
  /** Chat counts in it already. */
  readonly registry: Registry
  readonly node: SkeinNode
  readonly name: string
  readonly version: string
  readonly namespaces: readonly string[]
  readonly admission: Pick<Admission, 'maxConnections' | 'halfOpen' | 'waiting' | 'reasons'>
  readonly overload: Pick<Overload, 'loopDelay' | 'causes'>
  readonly loopDelay: Pick<LoopDelay, 'collect'>
  /** Where the node has it. */
  readonly chat?: Pick<Chat, 'listeners'>
  /** Of the Redis ports, where the cluster has them. */
  readonly redis?: () => RedisCounters
}

export function createMetrics(options: MetricsOptions): Metrics {
  const { registry } = options
  processMetrics(registry)
  numbersNow(registry, options)
  howFull(registry, options)
  countConnections(registry, options.node.events)
  countCommands(registry, options.node.events)
  countChannels(registry, options.node.events, namespaceLabels(options.namespaces))
  countTrouble(registry, options.node.events)
  const edges = countEdges(registry)
  if (options.chat !== undefined) showListeners(registry, options.chat)
  return { registry, ...edges }
}

/** Gauges and totals that core keeps anyway: read, not counted again. */
function numbersNow(registry: Registry, { node, admission, name, version, redis }: MetricsOptions): void {
  const gauge = (metric: string, help: string, read: () => number): void => {
    new Gauge({
      name: metric,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  }
  const total = (metric: string, help: string, read: () => number): void => {
    new Counter({
      name: metric,
      help,
      registers: [registry],
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  }
  gauge('skein_connections', 'Connections on this node.', () => node.stats().clients)
  gauge('skein_users', 'Users with connections on this node.', () => node.stats().users)
  gauge('skein_channels', 'Channels with subscribers on this node.', () => node.stats().channels)
  gauge('skein_subscriptions', 'Subscriptions on this node.', () => node.stats().subs)
  gauge('skein_outbox_bytes', 'Bytes waiting for sockets of this node.', () => node.stats().outboxBytes)
  total('skein_frames_sent_total', 'WebSocket messages written.', () => node.stats().framesSent)
  total('skein_messages_sent_total', 'Protocol messages written.', () => node.stats().messagesSent)
  total('skein_sent_bytes_total', 'Payload bytes of frames written.', () => node.stats().bytesSent)
  if (redis !== undefined) {
    gauge('skein_redis_pending', 'Calls waiting for Redis.', () => redis().pending)
    gauge(
      'skein_redis_unsettled',
      'Removals whose outcome is unknown, to be repeated.',
      () => redis().unsettled,
    )
    total('skein_redis_damaged_total', 'Messages on the bus that could not be read.', () => redis().damaged)
    total('skein_redis_reaped_total', 'Dead incarnations that this node cleared away.', () => redis().reaped)
  }
  new Gauge({
    name: 'skein_ready',
    help: '1 while connections are served.',
    registers: [registry],
    async collect() {
      this.set((await node.ready()).ok && admission.reasons.length === 0 ? 1 : 0)
    },
  })
  new Gauge({
    name: 'skein_build_info',
    help: 'Always 1; who this is stands in the labels.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version, node: name }, 1)
}

/** How near the bounds are. */
function howFull(registry: Registry, { node, admission, overload, loopDelay }: MetricsOptions): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  }
  gauge(
    'skein_connections_max',
    'Connections that this node may have; +Inf: no bound.',
    () => admission.maxConnections,
  )
  gauge(
    'skein_connections_half_open',
    'Connections that have not been answered `connect`.',
    () => admission.halfOpen,
  )
  gauge('skein_handshakes_waiting', 'Handshakes waiting for their turn.', () => admission.waiting)
  gauge(
    'skein_connects_waiting',
    'Connect commands waiting for their turn.',
    () => node.stats().connectsWaiting,
  )
  gauge(
    'skein_event_loop_delay_seconds',
    'Mean lateness of timers within the last second.',
    () => overload.loopDelay / 1000,
  )
  showLoopDelay(registry, loopDelay)
  new Gauge({
    name: 'skein_overloaded',
    help: '1 while the node takes no connections because of it: loop, memory.',
    labelNames: ['cause'],
    registers: [registry],
    collect() {
      for (const cause of ['loop', 'memory'] as const)
        this.set({ cause }, overload.causes.includes(cause) ? 1 : 0)
    },
  })
  new Gauge({
    name: 'skein_draining',
    help: '1 while connections are closed for maintenance or for the end of the node.',
    registers: [registry],
    collect() {
      this.set(['draining', 'ending'].includes(node.state) ? 1 : 0)
    },
  })
}

function countConnections(registry: Registry, events: Events): void {
  const opened = new Tally(registry, {
    name: 'skein_connections_opened_total',
    help: 'WebSocket connections accepted.',
    labelNames: ['encoding'],
  })
  const established = new Histogram({
    name: 'skein_connect_seconds',
    help: 'From the connect command to its reply, of connections that were established.',
    labelNames: ['sdk'],
    buckets: SECONDS,
    registers: [registry],
  })
  const closed = new Tally(registry, {
    name: 'skein_connections_closed_total',
    help: 'Connections that ended, by close code.',
    labelNames: ['code', 'by'],
  })
  const badFrames = new Tally(registry, {
    name: 'skein_bad_frames_total',
    help: 'Frames that were no command, and commands that broke the rules, by the close code they got.',
    labelNames: ['code'],
  })
  events.on('connectionOpened', ({ encoding }) => opened.add(encoding))
  events.on('connectionEstablished', ({ sdk, ms }) => established.observe({ sdk: sdkLabel(sdk) }, ms / 1000))
  events.on('connectionClosed', ({ code, byServer }) =>
    closed.add(`${closeLabel(code)}\n${byServer ? 'server' : 'client'}`),
  )
  const shed = new Tally(registry, {
    name: 'skein_connections_shed_total',
    help: 'Connections asked to come back: rebalance (to another node), age.',
    labelNames: ['reason'],
  })
  const futile = new Tally(registry, {
    name: 'skein_rebalance_futile_total',
    help: 'Times that most connections given away came back to this node.',
    labelNames: [],
  })
  events.on('shed', ({ reason, connections }) => shed.add(reason, connections))
  events.on('rebalanceFutile', () => futile.add(''))
  events.on('badFrame', ({ code }) => badFrames.add(closeLabel(code)))
}

function countCommands(registry: Registry, events: Events): void {
  const commands = new Tally(registry, {
    name: 'skein_commands_total',
    help: 'Commands answered, by verb and error code; 0: no error.',
    labelNames: ['verb', 'error'],
  })
  const seconds = new Histogram({
    name: 'skein_command_seconds',
    help: 'From a command to its answer.',
    labelNames: ['verb'],
    buckets: SECONDS,
    registers: [registry],
  })
  events.on('commandHandled', ({ verb, error, ms }) => {
    commands.add(`${verb}\n${errorLabel(error)}`)
    seconds.observe({ verb }, ms / 1000)
  })
}

/** Application hooks may answer with any code from 400 on. */
function errorLabel(code: number): string {
  return code < 400 ? String(code) : 'application'
}

function countChannels(registry: Registry, events: Events, namespace: (channel: string) => string): void {
  const tally = (name: string, help: string, labelNames: readonly string[]) =>
    new Tally(registry, { name, help, labelNames })
  const published = tally('skein_published_total', 'Publications accepted on this node.', [
    'namespace',
    'by',
    'duplicate',
  ])
  const fanouts = tally('skein_fanouts_total', 'Publications fanned out on this node.', ['namespace'])
  const delivered = tally('skein_delivered_total', 'Publications handed to subscribers of this node.', [
    'namespace',
  ])
  const subscribed = tally(
    'skein_subscribed_total',
    'Subscriptions made; recovered: yes, no, or none asked.',
    ['namespace', 'recovered'],
  )
  const recovered = tally(
    'skein_recovered_publications_total',
    'Publications sent to make up for an absence.',
    ['namespace'],
  )
  const unsubscribed = tally('skein_unsubscribed_total', 'Subscriptions ended, by unsubscribe code.', [
    'namespace',
    'code',
  ])
  const gaps = tally(
    'skein_gaps_total',
    'Holes seen in the offsets of a channel: filled, or subscribers told.',
    ['namespace', 'outcome'],
  )
  const missing = tally('skein_gap_publications_total', 'Publications missing in those holes.', [
    'namespace',
    'outcome',
  ])
  const duplicates = tally(
    'skein_duplicates_dropped_total',
    'Publications dropped because they had come before.',
    ['namespace'],
  )

  events.on('published', ({ channel, user, duplicate }) =>
    published.add(`${namespace(channel)}\n${user === undefined ? 'server' : 'client'}\n${duplicate}`),
  )
  events.on('delivered', ({ channel, subscribers }) => {
    const label = namespace(channel)
    fanouts.add(label)
    delivered.add(label, subscribers)
  })
  events.on('subscribed', (event) => {
    const label = namespace(event.channel)
    subscribed.add(`${label}\n${recoveredLabel(event)}`)
    if (event.recovered === true) recovered.add(label, event.publications)
  })
  events.on('unsubscribed', ({ channel, code }) =>
    unsubscribed.add(`${namespace(channel)}\n${unsubscribeLabel(code)}`),
  )
  events.on('gap', ({ channel, outcome, missing: count }) => {
    const key = `${namespace(channel)}\n${outcome}`
    gaps.add(key)
    missing.add(key, count)
  })
  events.on('duplicateDropped', ({ channel }) => duplicates.add(namespace(channel)))
}

function recoveredLabel({ recovered }: DomainEvents['subscribed']): string {
  if (recovered === undefined) return 'none'
  return recovered ? 'yes' : 'no'
}

function unsubscribeLabel(code: number): string {
  return code === 0 || (code >= 2000 && code <= 2999) ? String(code) : 'other'
}

function countTrouble(registry: Registry, events: Events): void {
  const tally = (name: string, help: string, labelNames: readonly string[]) =>
    new Tally(registry, { name, help, labelNames })
  const overflows = tally('skein_overflows_total', 'Queues that were full, and what was done about it.', [
    'queue',
    'policy',
  ])
  const restored = tally('skein_bus_restored_total', 'Times the bus was away and came back.', [])
  const internal = tally('skein_internal_errors_total', 'Errors nobody foresaw; each is in the log.', [
    'where',
  ])
  const listeners = tally('skein_listener_errors_total', 'Listeners of events that threw.', ['event'])
  events.on('overflow', ({ queue, policy }) => overflows.add(`${queue}\n${policy}`))
  events.on('busRestored', () => restored.add(''))
  events.on('internalError', ({ where }) => internal.add(where))
  events.on('listenerError', ({ event }) => listeners.add(event))
}

function countCompression(registry: Registry): Pick<Metrics, 'deflated' | 'inflateRefused'> {
  const deflated = new Tally(registry, {
    name: 'skein_deflated_total',
    help: 'Publications, and batches that many share, deflated: once each, for all who get them.',
    labelNames: [],
  })
  const bytes = new Tally(registry, {
    name: 'skein_deflated_bytes_total',
    help: 'Their bytes, before and after.',
    labelNames: ['side'],
  })
  const refused = new Tally(registry, {
    name: 'skein_inflate_refused_total',
    help: 'Compressed frames refused: for their size once inflated (1009), as damaged (1007).',
    labelNames: ['reason'],
  })
  return {
    deflated(before, after) {
      deflated.add('')
      bytes.add('before', before)
      bytes.add('after', after)
    },
    inflateRefused: (reason) => refused.add(reason),
  }
}

/** What happens at the edges of this process, outside of core. */
function countEdges(registry: Registry): Omit<Metrics, 'registry'> {
  const refused = new Tally(registry, {
    name: 'skein_handshakes_refused_total',
    help: 'Upgrades refused by an HTTP answer: body, origin, token, route; by 503: draining, unready, overload, full, half-open, rate; by closing: files.',
    labelNames: ['reason'],
  })
  const socketErrors = new Tally(registry, {
    name: 'skein_socket_errors_total',
    help: 'Frames that the WebSocket itself refuses: too large (1009), not UTF-8 (1007), malformed (1002).',
    labelNames: ['code'],
  })
  const calls = new Tally(registry, {
    name: 'skein_api_calls_total',
    help: 'Calls of the server API, by method and error code; 0: no error.',
    labelNames: ['method', 'error'],
  })
  const seconds = new Histogram({
    name: 'skein_api_seconds',
    help: 'From a call of the server API to its answer.',
    labelNames: ['method'],
    buckets: SECONDS,
    registers: [registry],
  })
  return {
    handshakeRefused: (reason) => refused.add(reason),
    socketError: (code) => socketErrors.add(/^(WS_ERR|SKEIN)_/.test(code) ? code : 'other'),
    ...countCompression(registry),
    apiCalled(method, error, elapsed) {
      calls.add(`${method}\n${errorLabel(error)}`)
      seconds.observe({ method }, elapsed)
    },
  }
}
