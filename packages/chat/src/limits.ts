/** Every bound of chat with its default. Times in ms unless said otherwise. */
export interface ChatLimits {
  /** Unicode characters of a body. */
  readonly bodyLength: number
  /** UTF-16 units of a request: what is parsed at all. */
  readonly requestLength: number
  /** Distinct people mentioned by one message. */
  readonly mentions: number
  /** (user, emoji) pairs of one message, taken back ones included. */
  readonly reactions: number
  /** Members of a room. */
  readonly roomMembers: number
  /** Rooms of a user. */
  readonly userRooms: number
  /** Conversations of two that a user's list keeps: the latest. */
  readonly directs: number
  /** Devices that are remembered of a user: the latest. */
  readonly devices: number
  /** People watched by one connection. Each takes one of the connection's subscriptions. */
  readonly watches: number
  /** Members up to which a room's receipts are told live, and offline members make events. */
  readonly smallRoom: number
  /** Messages and amendments: burst and steady rate of a user, cluster-wide. */
  readonly sendBurst: number
  readonly sendPerSecond: number
  /** All other calls: burst and steady rate of a connection. */
  readonly callBurst: number
  readonly callsPerSecond: number
  /** Seconds for which a repeated `clientId` finds the first result. */
  readonly idempotencyTtl: number
  /** Of ephemeral messages that name no other, seconds. */
  readonly ephemeralTtl: number
  /** How long a typing indicator stands. */
  readonly typingTtl: number
  /** How long somebody who vanished without a word is suspected rather than offline. */
  readonly suspectGrace: number
  /** Changes of presence within this time become one. */
  readonly presenceDelay: number
  /** How often this node looks whether other nodes have gone. */
  readonly memberCheck: number
  /** When work that its node did not finish is taken over by any node. */
  readonly takeover: number
  /** How often due work is looked for. */
  readonly taskInterval: number
  /** Attempts at one task before it becomes a dead letter. */
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
  // A day: longer than people keep an unsent message in a closed laptop's outbox, short enough to cost little.
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
