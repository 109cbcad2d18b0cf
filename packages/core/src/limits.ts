import type { Limits } from './node-api.ts'

/** Used where `NodeOptions.limits` says nothing. */
export const DEFAULT_LIMITS: Limits = {
  // 25 s keeps NATs and proxies open (most cut at 60 s); Centrifugo's defaults, which SDKs are tuned for.
  pingInterval: 25_000,
  pongTimeout: 8_000,
  staleTimeout: 10_000,
  expiredGrace: 25_000,
  // Each holds a token check, a hook and a Redis round trip; more at once only make the others wait in the event loop instead.
  connectsAtOnce: 256,
  // All clients of a node that died may come to one other; the rest of a storm is told to come back.
  connectsWaiting: 10_000,
  inboxCommands: 256,
  // A subscriber a mebibyte behind is not catching up by waiting; it recovers faster from the stream.
  outboxBytes: 1_048_576,
  // The kernel's buffers hide some seconds already; a client stuck for longer will not notice that it was let go.
  slowTimeout: 10_000,
  bufferedPublications: 10_000,
  subscriptionsPerConnection: 128,
  channelLength: 255,
  tokenLength: 4096,
  recoveryPublications: 0,
  historyPublications: 1000,
  // People do not notice 10 ms, sockets do: a fifth less for each delivery of a busy channel than with 8 (docs/performance.md).
  writeDelay: 10,
  positionCheckInterval: 30_000,
  rebalanceInterval: 0,
  rebalanceSettle: 30_000,
  // A hundredth of a node of 10,000: 5,000 surplus connections have moved in a minute, at 2 % of a core for handshakes.
  shedRate: 100,
  connectionAge: 0,
}
