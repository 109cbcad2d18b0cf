/**
 * The environment of a contract suite: a cluster whose nodes it can start, kill and pause, and whose stores
 * it can inspect. Each implementation of the ports brings its own; the suites are the same.
 */
import type { BrokerListener, Cluster, ControlMessage, NodeInfo } from '@skein/core'
import type { ClientInfo, Envelope, StreamPosition } from '@skein/protocol'

export interface World {
  /** A node that has joined. */
  start(name: string): Promise<ContractNode>
  /** As kill -9: the node sends nothing and never returns. */
  kill(node: ContractNode): Promise<void>
  /** As SIGSTOP: it does not renew its lease until {@link resume}. */
  pause(node: ContractNode): void
  resume(node: ContractNode): void
  /** Loses epoch and offset of the channel, and keeps its entries. */
  loseMeta(channel: string): Promise<void>
  /** As a failover or a restart without loss. */
  beginLife(): Promise<void>
  /** Lets entries expire for `ms`. */
  elapse(ms: number): Promise<void>
  /** Names of entries that exist and do not expire. */
  remains(): Promise<readonly string[]>
  stop(): Promise<void>
}

export type MakeWorld = () => Promise<World>

/** A node of a {@link World}, and the messages that it received. */
export interface ContractNode {
  readonly name: string
  readonly cluster: Cluster
  readonly heard: Heard
}

/** Messages that the node received from the cluster, in order. */
export class Heard implements BrokerListener {
  readonly publications: {
    readonly channel: string
    readonly offset: number
    readonly epoch: string
    readonly envelope: Envelope
  }[] = []
  readonly joins: { readonly channel: string; readonly info: ClientInfo }[] = []
  readonly leaves: { readonly channel: string; readonly info: ClientInfo }[] = []
  /** The number of users in each join and leave. */
  readonly counts: (number | undefined)[] = []
  readonly orders: ControlMessage[] = []
  restored = 0
  /** The channels of each report about some channels only. */
  readonly restoredOnly: (readonly string[])[] = []
  lost = 0

  onPublication(channel: string, position: StreamPosition, envelope: Envelope): void {
    this.publications.push({ channel, ...position, envelope })
  }

  onJoin(channel: string, info: ClientInfo, users?: number): void {
    this.joins.push({ channel, info })
    this.counts.push(users)
  }

  onLeave(channel: string, info: ClientInfo, users?: number): void {
    this.leaves.push({ channel, info })
    this.counts.push(users)
  }

  onRestored(channels?: readonly string[]): void {
    this.restored += 1
    if (channels !== undefined) this.restoredOnly.push(channels)
  }

  offsets(channel: string): number[] {
    return this.publications.filter((one) => one.channel === channel).map((one) => one.offset)
  }

  envelopes(channel: string): string[] {
    return this.publications.filter((one) => one.channel === channel).map((one) => one.envelope)
  }

  users(kind: 'joins' | 'leaves', channel: string): string[] {
    return this[kind].filter((one) => one.channel === channel).map((one) => one.info.user)
  }
}

/** Makes a {@link ContractNode} of a cluster: listens, joins. */
export async function enter(name: string, cluster: Cluster): Promise<ContractNode> {
  const node: ContractNode = { name, cluster, heard: new Heard() }
  cluster.broker.listen(node.heard)
  cluster.control.listen((message) => node.heard.orders.push(message))
  await join(node)
  return node
}

export async function join({ name, cluster, heard }: ContractNode): Promise<void> {
  await cluster.membership.join(
    () => describeNode(cluster.membership.uid, name),
    () => {
      heard.lost += 1
    },
  )
}

function describeNode(uid: string, name: string): NodeInfo {
  return { uid, name, version: '0', numClients: 0, numUsers: 0, numChannels: 0, numSubs: 0, uptime: 0 }
}

let channels = 0

/** A channel that no other test has. */
export function freshChannel(): string {
  channels += 1
  return `room:${channels}`
}

export function envelope(value: unknown): Envelope {
  return `{"data":${JSON.stringify(value)}}` as Envelope
}

export function info(user: string, client: string): ClientInfo {
  return { user, client }
}
