/** One node: puts the pieces together, and is its public door. */
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
import { closePaced, closeSpread } from '../drain/drain.ts'
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
import { sleep } from '../util/sleep.ts'
import { createContext, type NodeContext } from './context.ts'
import { obey } from './control.ts'
import { Surveys } from './surveys.ts'

/** A node whose lease was lost closes its connections over this time, ms: they come back elsewhere, not all at once. */
const SHED_WINDOW = 2000
/** Between tries to reach the cluster at the start, ms. */
const JOIN_RETRY = 500

/** Makes a node. Throws an `Error` listing every problem when the channels' configuration contradicts itself. */
export function createNode(options: NodeOptions): SkeinNode {
  return new Node(options)
}

class Node implements SkeinNode {
  readonly events = new Events()
  readonly #context: NodeContext
  readonly #surveys: Surveys
  readonly #startedAt: number
  readonly #rebalance: Rebalance
  #state: NodeState = 'starting'
  /** The lease is held. */
  #joined = false
  /** Counts drains: a later one takes over, and so does the end of one. */
  #drains = 0

  constructor(options: NodeOptions) {
    this.#context = createContext(options, this.events, () => void this.#loseLease())
    this.#surveys = new Surveys(this.#context.clock)
    this.#startedAt = this.#context.clock.monotonic()
    this.#rebalance = new Rebalance(this.#context, {
      serving: () => this.#state === 'serving',
      ended: () => this.#state === 'closed',
      describe: () => this.#describe(),
    })
    options.cluster.broker.listen(this.#context.hub)
    options.cluster.control.listen((message) => obey(this.#context, this.#surveys, message))
  }

  get uid(): string {
    return this.#context.cluster.membership.uid
  }

  get state(): NodeState {
    return this.#state
  }

  async start(): Promise<void> {
    await this.#join()
    void this.#checkPositions()
    void this.#rebalance.run()
    void limitAge(
      this.#context,
      () => this.#state === 'serving',
      () => this.#state === 'closed',
    )
  }

  async ready(): ReturnType<SkeinNode['ready']> {
    if (this.#state === 'draining') return { ok: false, reason: 'draining for maintenance' }
    if (this.#state === 'ending' || this.#state === 'closed')
      return { ok: false, reason: 'the node is ending' }
    const health = await this.#context.cluster.health()
    // A node that cannot start yet says what it waits for.
    return health.ok && this.#state === 'starting' ? { ok: false, reason: this.#state } : health
  }

  accept(socket: Socket, network: NetworkContext): ConnectionHandle {
    const connection = new Connection(this.#context, socket, network)
    this.#context.connections.add(connection)
    this.events.emit('connectionOpened', { client: connection, encoding: network.encoding, sdk: '' })
    if (this.#state !== 'serving') connection.close(CLOSE.shutdown)
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
    serverOrder(this.#context, channel, options) // refuses what cannot be, before all nodes are asked
    await this.#order({ op: 'subscribe', ...target, channel, options })
  }

  async unsubscribe(target: UserTarget, channel: string): Promise<void> {
    this.#context.channels.of(channel)
    await this.#order({ op: 'unsubscribe', ...target, channel })
  }

  async disconnect(target: UserTarget, options: Parameters<SkeinNode['disconnect']>[1] = {}): Promise<void> {
    const { code = CLOSE.forceDisconnect.code, reason = CLOSE.forceDisconnect.reason, whitelist } = options
    if (code < 3000 || code > 4999) throw new ReplyError(ERROR.badRequest, 'a close code is 3000 to 4999')
    if (reason === '')
      throw new ReplyError(ERROR.badRequest, 'a close needs a reason: SDKs reconnect without one')
    if (new TextEncoder().encode(reason).length > 123)
      throw new ReplyError(ERROR.badRequest, 'a reason has 123 bytes at most')
    await this.#order({ op: 'disconnect', ...target, code, reason, ...(whitelist && { whitelist }) })
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

  async drain(windowMs: number, purpose: DrainPurpose = 'end'): Promise<void> {
    if (this.#state !== 'closed' && this.#state !== 'ending')
      this.#state = purpose === 'end' ? 'ending' : 'draining'
    const drain = ++this.#drains
    await closeSpread(this.#context, CLOSE.shutdown, windowMs, () => this.#drains === drain)
  }

  resume(): boolean {
    if (this.#state !== 'draining') return false
    this.#drains++
    this.#state = this.#joined ? 'serving' : 'starting'
    return true
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return
    await this.drain(0)
    this.#state = 'closed'
    await this.#context.cleanup.settled()
    this.#context.cleanup.forget()
    await this.#context.cluster.membership.leave().catch((error: unknown) => {
      this.events.emit('internalError', { where: 'leave', error })
    })
    await this.#context.cluster.close()
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

  /** Takes the lease; tries until the cluster can be reached. */
  async #join(): Promise<void> {
    const { cluster, clock } = this.#context
    while (this.#state !== 'closed') {
      try {
        await cluster.membership.join(
          () => this.#describe(),
          () => void this.#loseLease(),
        )
        this.#joined = true
        if (this.#state === 'starting') this.#state = 'serving'
        return
      } catch (error) {
        this.events.emit('internalError', { where: 'join', error })
        await sleep(clock, JOIN_RETRY)
      }
    }
  }

  #describe(): NodeInfo {
    const { clients, users, channels, subs } = this.stats()
    const uptime = Math.round((this.#context.clock.monotonic() - this.#startedAt) / 1000)
    const { name, version } = this.#context
    return {
      uid: this.uid,
      name,
      version,
      numClients: clients,
      numUsers: users,
      numChannels: channels,
      numSubs: subs,
      uptime,
      ...(this.#state !== 'serving' && this.#state !== 'starting' && { draining: true }),
      ...(this.#rebalance.shedding && { shedding: true }),
    }
  }

  /**
   * This incarnation is over: others may have reaped it. Nothing of it is revived; its clients are closed, come back and are
   * taken anew. The new incarnation begins first: after an outage of Redis all nodes are in this state together, and whoever
   * is closed must find one that takes it.
   */
  async #loseLease(): Promise<void> {
    if (this.#state !== 'serving' && this.#state !== 'draining') return
    if (this.#state === 'serving') this.#state = 'starting'
    this.#joined = false
    const { cleanup, clock, connections } = this.#context
    cleanup.forget()
    const before = new Set(connections)
    await this.#join()
    await closePaced(clock, before, CLOSE.forceReconnect, SHED_WINDOW)
  }

  async #checkPositions(): Promise<void> {
    const { clock, hub, limits, random } = this.#context
    while (this.#state !== 'closed') {
      // Between 75 % and 100 % of the interval, so that nodes do not ask in step.
      await sleep(clock, limits.positionCheckInterval * (0.75 + random() / 4))
      if (this.#state === 'serving')
        await hub.checkIdle(clock.monotonic() - limits.positionCheckInterval * 0.75)
    }
  }
}
