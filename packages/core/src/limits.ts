import type { Limits } from './node-api.ts'

/** The defaults of `NodeOptions.limits`. */
export const DEFAULT_LIMITS: Limits = {
  // 25 s keeps NATs and proxies open (most cut at 60 s). Centrifugo has the same defaults, and SDKs are tuned
  // for them.
  pingInterval: 25_000,
  pongTimeout: 8_000,
  staleTimeout: 10_000,
  expiredGrace: 25_000,
  // Each needs a token check, a hook and a Redis round trip. More of them would wait in the event loop
  // instead.
  connectsAtOnce: 256,
  // All clients of a dead node may reconnect to one other node. Further ones are closed with 3013 and retry.
  connectsWaiting: 10_000,
  inboxCommands: 256,
  // A subscriber that is 1 MiB behind recovers faster from the stream.
  outboxBytes: 1_048_576,
  // The kernel's buffers cover some seconds already.
  slowTimeout: 10_000,
  bufferedPublications: 10_000,
  subscriptionsPerConnection: 128,
  channelLength: 255,
  tokenLength: 4096,
  recoveryPublications: 0,
  historyPublications: 1000,
  // People do not notice 10 ms. A delivery in a busy channel costs a fifth less than with 8
  // (docs/performance/trials.md).
  writeDelay: 10,
  positionCheckInterval: 30_000,
  rebalanceInterval: 0,
  rebalanceSettle: 30_000,
  // 1 % of a node of 10,000: 5,000 surplus connections move in a minute, for 2 % of a core in handshakes.
  shedRate: 100,
  connectionAge: 0,
}
