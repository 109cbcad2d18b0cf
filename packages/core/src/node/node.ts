/** One node: builds its parts and implements its public door. */
import {
  CLOSE,
  type ClientInfo,
  decodeEnvelope,
  ERROR,
  encodeEnvelope,
  type Publication,
} from '@skein/protocol'
import { Connection } from '../connection/connection.ts'
import { limitAge } from '../drain/connection-age.ts'
import { Rebalance } from '../drain/rebalance.ts'
import { ReplyError } from '../errors.ts'
import { Events } from '../events.ts'
import type { Channels } from '../namespaces/channels.ts'
import type {
  ConnectionHandle,
  DrainPurpose,
  HistoryCall,
  NodeOptions,
  NodeState,
  NodeStats,
  PublishCall,
  SkeinNode,
  UserTarget,
} from '../node-api.ts'
import type {
  ControlMessage,
  HistoryPage,
  NodeInfo,
  PublishResult,
  ServerSubscription,
  Session,
} from '../ports.ts'
import type { NetworkContext, Socket } from '../socket.ts'
import { readPresence } from '../subscription/client-info.ts'
import { readHistory } from '../subscription/history.ts'
import { serverOrder } from '../subscription/server-subscriptions.ts'
import { createContext, type NodeContext } from './context.ts'
import { handleControl } from './control.ts'
import { type DisconnectOptions, disconnectOrder } from './disconnect-order.ts'
import { Lifecycle } from './lifecycle.ts'
import { checkPositions } from './position-checks.ts'
import { Surveys } from './surveys.ts'

/**
 * Makes a node. Throws an `Error` listing every problem when the channels' configuration contradicts itself.
 */
export function createNode(options: NodeOptions): SkeinNode {
  return new Node(options)
}

class Node implements SkeinNode {
  readonly events = new Events()
  readonly #context: NodeContext
  readonly #surveys: Surveys
  readonly #lifecycle: Lifecycle
  readonly #rebalance: Rebalance
  readonly #startedAt: number

  constructor(options: NodeOptions) {
    this.#context = createContext(options, this.events, () => void this.#lifecycle.lose())
    this.#surveys = new Surveys(this.#context.clock)
    this.#lifecycle = new Lifecycle(this.#context, () => this.#describe())
    this.#rebalance = new Rebalance(this.#context, this.#lifecycle, () => this.#describe())
    this.#startedAt = this.#context.clock.monotonic()
    options.cluster.broker.listen(this.#context.hub)
    options.cluster.control.listen((message) => handleControl(this.#context, this.#surveys, message))
  }

  get uid(): string {
    return this.#context.cluster.membership.uid
  }

  get state(): NodeState {
    return this.#lifecycle.state
  }

  async start(): Promise<void> {
    await this.#lifecycle.join()
    void checkPositions(this.#context, this.#lifecycle)
    void this.#rebalance.run()
    void limitAge(this.#context, this.#lifecycle)
  }

  ready(): ReturnType<SkeinNode['ready']> {
    return this.#lifecycle.ready()
  }

  accept(socket: Socket, network: NetworkContext): ConnectionHandle {
    const connection = new Connection(this.#context, socket, network)
    this.#context.connections.add(connection)
    this.events.emit('connectionOpened', { client: connection, encoding: network.encoding, sdk: '' })
    if (!this.#lifecycle.serving) connection.close(CLOSE.shutdown)
    return connection
  }

  async publish(channel: string, call: PublishCall): Promise<PublishResult> {
    const { stream } = this.#context.channels.of(channel)
    const { data, info, tags, idempotencyKey } = call
    const envelope = encodeEnvelope({
      data,
      time: this.#context.clock.now(),
      ...(info && { info }),
      ...(tags && { tags }),
    })
    const kept = call.skipHistory === true ? { ...stream, historySize: 0 } : stream
    const options = idempotencyKey === undefined ? kept : { ...kept, idempotencyKey }
    const result = await this.#context.cluster.broker.publish(channel, envelope, options)
    this.events.emit('published', {
      channel,
      offset: result.offset,
      envelope,
      user: undefined,
      duplicate: result.duplicate,
    })
    return result
  }

  async subscribe(target: UserTarget, channel: string, options: ServerSubscription = {}): Promise<void> {
    serverOrder(this.#context, target.user, channel, options) // Throws here what every node would throw.
    await this.#order({ op: 'subscribe', ...target, channel, options })
  }

  async unsubscribe(target: UserTarget, channel: string): Promise<void> {
    this.#context.channels.of(channel)
    await this.#order({ op: 'unsubscribe', ...target, channel })
  }

  async disconnect(target: UserTarget, options: DisconnectOptions = {}): Promise<void> {
    await this.#order(disconnectOrder(target, options))
  }

  async refresh(target: UserTarget, options: { expired?: boolean; expireAt?: number }): Promise<void> {
    const { expired = false, expireAt = 0 } = options
    await this.#order({ op: 'refresh', ...target, expired, expireAt })
  }

  async presence(channel: string): Promise<readonly ClientInfo[]> {
    return await readPresence(this.#context.cluster, channel, this.#demandPresence(channel))
  }

  async presenceStats(channel: string): Promise<{ readonly clients: number; readonly users: number }> {
    return await this.#context.cluster.presence.stats(channel, this.#demandPresence(channel).suspected)
  }

  async history(
    channel: string,
    call: HistoryCall,
  ): Promise<HistoryPage & { readonly decoded: readonly Publication[] }> {
    const page = await readHistory(this.#context, channel, this.#demandHistory(channel), call)
    const decoded = page.publications.map(({ offset, envelope }) => decodeEnvelope(envelope, offset))
    return { ...page, decoded: decoded.filter((publication) => publication !== undefined) }
  }

  async removeHistory(channel: string): Promise<void> {
    this.#demandHistory(channel)
    await this.#context.cluster.broker.removeHistory(channel)
  }

  async channels(pattern = '*'): Promise<Readonly<Record<string, number>>> {
    const { cluster, newId } = this.#context
    const id = newId()
    const nodes = await cluster.membership.nodes()
    const uids = nodes.map((node) => node.uid)
    const counts = await this.#surveys.run(id, uids, () =>
      cluster.control.send({ op: 'survey', id, from: this.uid, pattern }),
    )
    return Object.fromEntries(counts)
  }

  info(): Promise<readonly NodeInfo[]> {
    return this.#context.cluster.membership.nodes()
  }

  sessions(user: string): Promise<readonly Session[]> {
    return this.#context.cluster.sessions.list(user)
  }

  stats(): NodeStats {
    const { connections, connects, users, hub, counters } = this.#context
    return {
      clients: connections.size,
      users: users.size,
      channels: hub.size,
      subs: counters.subscriptions,
      connectsWaiting: connects.waiting,
      outboxBytes: counters.outboxBytes,
      framesSent: counters.framesSent,
      messagesSent: counters.messagesSent,
      bytesSent: counters.bytesSent,
    }
  }

  drain(windowMs: number, purpose: DrainPurpose = 'end'): Promise<void> {
    return this.#lifecycle.drain(windowMs, purpose)
  }

  resume(): boolean {
    return this.#lifecycle.resume()
  }

  close(): Promise<void> {
    return this.#lifecycle.close()
  }

  #order(message: ControlMessage): Promise<void> {
    return this.#context.cluster.control.send(message)
  }

  #demandPresence(channel: string): ReturnType<Channels['of']> {
    const namespace = this.#context.channels.of(channel)
    if (!namespace.presence) throw new ReplyError(ERROR.notAvailable)
    return namespace
  }

  #demandHistory(channel: string): ReturnType<Channels['of']> {
    const namespace = this.#context.channels.of(channel)
    if (namespace.historySize === 0) throw new ReplyError(ERROR.notAvailable)
    return namespace
  }

  #describe(): NodeInfo {
    const { clients, users, channels, subs } = this.stats()
    const uptime = Math.round((this.#context.clock.monotonic() - this.#startedAt) / 1000)
    const { name, version } = this.#context
    const { state } = this.#lifecycle
    return {
      uid: this.uid,
      name,
      version,
      numClients: clients,
      numUsers: users,
      numChannels: channels,
      numSubs: subs,
      uptime,
      ...(state !== 'serving' && state !== 'starting' && { draining: true }),
      ...(this.#rebalance.shedding && { shedding: true }),
    }
  }
}
