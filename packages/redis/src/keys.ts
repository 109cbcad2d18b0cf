/**
 * Names of all keys in Redis. All keys of a channel share one hash tag, so that a script finds them on one
 * node of a Redis Cluster. Keys of the whole cluster have the prefix `@`, which no channel can have. An ACL
 * user needs `~PREFIX:*`, `&PREFIX:*` and the commands of docs/operations/redis.md, which
 * `server.redis.test.ts` tests.
 */

/** Keys of one channel, and its bus channel. Computed on access: a call needs few of them. */
export class ChannelKeys {
  /** Bus channel. */
  readonly bus: string

  constructor(bus: string) {
    this.bus = bus
  }

  get stream(): string {
    return `${this.bus}:stream`
  }

  get meta(): string {
    return `${this.bus}:meta`
  }

  /** Set of the incarnations with entries. */
  get incarnations(): string {
    return `${this.bus}:who`
  }

  /** Hash of users and their number of connections in the channel. */
  get users(): string {
    return `${this.bus}:users`
  }

  /** Hash of users whose last connection was lost, during their grace period. */
  get graces(): string {
    return `${this.bus}:missed`
  }

  /** Hash of the sessions of a personal channel's user. */
  get sessions(): string {
    return `${this.bus}:sessions`
  }
}

export class Keys {
  readonly #slotTag: ((key: string) => string) | undefined
  /** Zset of incarnations by the end of their lease. */
  readonly leases: string
  /** Hash of `NodeInfo` by incarnation. */
  readonly nodes: string
  /** Hash of incarnations that are over and not yet reaped. */
  readonly over: string
  /** Bus channel of messages to all nodes. */
  readonly control: string
  /** Prefix of the bus channels of nodes; the incarnation follows. */
  readonly nodePrefix: string
  readonly #prefix: string

  /** `slotTag`: a hash tag of the slot of a key, in a Redis Cluster. */
  constructor(prefix: string, slotTag?: (key: string) => string) {
    this.#prefix = prefix
    this.#slotTag = slotTag
    this.leases = `${prefix}:@{members}:leases`
    this.nodes = `${prefix}:@{members}:nodes`
    this.over = `${prefix}:@{members}:over`
    this.control = `${prefix}:@control`
    this.nodePrefix = `${prefix}:@node:`
  }

  channel(channel: string): ChannelKeys {
    return new ChannelKeys(this.bus(channel))
  }

  bus(channel: string): string {
    return `${this.#prefix}:{${tag(channel)}}`
  }

  /**
   * Hash of the common epoch of channels without a stream, for streams of this meta TTL. In a Redis Cluster
   * each slot has its own, so that a script finds it beside the keys of the channel.
   */
  common(channel: ChannelKeys, metaTtl: number): string {
    const slot = this.#slotTag === undefined ? '' : `{${this.#slotTag(channel.bus)}}`
    return `${this.#prefix}:@${slot}common:${metaTtl}`
  }

  /** Key of the first result of an idempotency key. */
  once(channel: ChannelKeys, key: string): string {
    return `${channel.bus}:once:${key}`
  }

  /** Hash of the connections of one incarnation in a channel; without `uid`, the prefix of all. */
  part(channel: ChannelKeys, uid = ''): string {
    return `${channel.bus}:who:${uid}`
  }

  sessions(user: string): string {
    return `${this.bus(`#${user}`)}:sessions`
  }

  node(uid: string): string {
    return this.nodePrefix + uid
  }

  /** Set of the channels in which an incarnation has entries. */
  indexOfChannels(uid: string): string {
    return `${this.#prefix}:@{${uid}}:channels`
  }

  /** Hash client -> user of the sessions of an incarnation. */
  indexOfSessions(uid: string): string {
    return `${this.#prefix}:@{${uid}}:sessions`
  }

  /** Lock of the reaper of an incarnation. */
  reaping(uid: string): string {
    return `${this.#prefix}:@{members}:reaping:${uid}`
  }
}

/** How long a retry with the same idempotency key gets the first result. */
export const ONCE_SECONDS = 300

/** `#user`: the personal channel of a user. */
export function isPersonal(channel: string): boolean {
  return channel.charCodeAt(0) === 35
}

/** A `}` would end the hash tag early, and make it empty at the front. */
function tag(channel: string): string {
  if (!channel.includes('}') && !channel.includes('%')) return channel
  return channel.replaceAll('%', '%25').replaceAll('}', '%7D')
}
