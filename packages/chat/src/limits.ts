/** Every limit of chat with its default. Times are in ms unless a unit is given. */
export interface ChatLimits {
  /** Maximum length of a body, in Unicode characters. */
  readonly bodyLength: number
  /** Maximum length of a request that is parsed, in bytes or UTF-16 units. */
  readonly requestLength: number
  /** Maximum number of distinct users that one message mentions. */
  readonly mentions: number
  /** Maximum (user, emoji) pairs of one message, removed reactions included. */
  readonly reactions: number
  /** Maximum number of members of a room. */
  readonly roomMembers: number
  /** Maximum number of rooms of a user. */
  readonly userRooms: number
  /** Maximum direct conversations in a user's list; the oldest are evicted. */
  readonly directs: number
  /** Maximum number of recorded devices of a user; the oldest are evicted. */
  readonly devices: number
  /** Maximum number of people that one connection watches. Each takes one of its subscriptions. */
  readonly watches: number
  /** Maximum members of a room with live receipts and with integration events for offline members. */
  readonly smallRoom: number
  /** Burst and steady rate of a user's messages and amendments, over the whole cluster. */
  readonly sendBurst: number
  readonly sendPerSecond: number
  /** Burst and steady rate of a connection's calls. */
  readonly callBurst: number
  readonly callsPerSecond: number
  /** Time in which a repeated `clientId` returns the first result, in seconds. */
  readonly idempotencyTtl: number
  /** Default lifetime of ephemeral messages, in seconds. */
  readonly ephemeralTtl: number
  /** Lifetime of a typing indicator. */
  readonly typingTtl: number
  /** Time for which a user whose connection was lost is `suspected` before `offline`. */
  readonly suspectGrace: number
  /** Time in which changes of presence are combined. */
  readonly presenceDelay: number
  /** Interval at which this node checks whether other nodes have gone. */
  readonly memberCheck: number
  /** Age at which any node takes over an unfinished task. */
  readonly takeover: number
  /** Interval at which a node polls for due tasks. */
  readonly taskInterval: number
  /** Maximum attempts of one task; then it becomes a dead letter. */
  readonly taskAttempts: number
}

export const CHAT_LIMITS: ChatLimits = {
  bodyLength: 4000,
  requestLength: 65_536,
  mentions: 20,
  reactions: 200,
  roomMembers: 10_000,
  userRooms: 500,
  directs: 1000,
  devices: 20,
  watches: 50,
  smallRoom: 50,
  sendBurst: 20,
  sendPerSecond: 5,
  callBurst: 60,
  callsPerSecond: 30,
  // A day covers an unsent message in a closed laptop's outbox at little cost.
  idempotencyTtl: 86_400,
  ephemeralTtl: 60,
  typingTtl: 6000,
  suspectGrace: 15_000,
  presenceDelay: 500,
  memberCheck: 2000,
  takeover: 5000,
  taskInterval: 1000,
  taskAttempts: 10,
}
