/**
 * How everything in Redis is named. All keys of a channel share one hash tag, so that a script finds them on one node of a
 * Redis Cluster; what belongs to the whole cluster stands behind `@`, where no channel can reach. An ACL user needs
 * `~PREFIX:*` and `&PREFIX:*`; which commands, docs/operations/redis.md says and `connections.redis.test.ts` tries.
 */

/** Keys of one channel, and the name under which its messages travel. Spelled when asked for: a call needs few of them. */
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

  /** Set of the incarnations with a presence part. */
  get incarnations(): string {
    return `${this.bus}:who`
  }

  /** Hash of users and how many connections they have in the channel. */
  get users(): string {
    return `${this.bus}:users`
  }

  /** Hash of users whose last connection was lost, while their grace lasts. */
  get missed(): string {
    return `${this.bus}:missed`
  }

  /** Hash of the sessions of a personal channel's user. */
  get sessions(): string {
    return `${this.bus}:sessions`
  }
}

export class Keys {
  /** Zset of incarnations by the end of their lease. */
  readonly leases: string
  /** Hash of `NodeInfo` by incarnation. */
  readonly nodes: string
  /** Hash of incarnations that are over and not yet reaped. */
  readonly over: string
  /** Bus channel of orders to all nodes. */
  readonly control: string
  /** What precedes an incarnation in the name of its bus channel. */
  readonly nodePrefix: string
  readonly #prefix: string

  constructor(prefix: string) {
    this.#prefix = prefix
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

  /** The first result of an idempotency key. */
  once(channel: ChannelKeys, key: string): string {
    return `${channel.bus}:once:${key}`
  }

  /** One incarnation's connections in a channel; without one, what precedes it. */
  part(channel: ChannelKeys, uid = ''): string {
    return `${channel.bus}:who:${uid}`
  }

  sessions(user: string): string {
    return `${this.bus(`#${user}`)}:sessions`
  }

  node(uid: string): string {
    return this.nodePrefix + uid
  }

  /** Set of the channels in which an incarnation has a part. */
  indexOfChannels(uid: string): string {
    return `${this.#prefix}:@{${uid}}:channels`
  }

  /** Hash client -> user of an incarnation's sessions. */
  indexOfSessions(uid: string): string {
    return `${this.#prefix}:@{${uid}}:sessions`
  }

  /** Who reaps an incarnation. */
  reaping(uid: string): string {
    return `${this.#prefix}:@{members}:reaping:${uid}`
  }
}

/** How long a retry with the same idempotency key finds the first result. */
export const ONCE_SECONDS = 300

/** `#user`: of all sessions of one user. */
export function isPersonal(channel: string): boolean {
  return channel.charCodeAt(0) === 35
}

/** A `}` would end the hash tag early, at the front even undo it. */
function tag(channel: string): string {
  if (!channel.includes('}') && !channel.includes('%')) return channel
  return channel.replaceAll('%', '%25').replaceAll('}', '%7D')
}
