/** All rows with their budgets. A budget that names a system is judged where that system is measured. */
import { CENTRIFUGO } from '../systems/centrifugo.ts'
import {
  FASTIFY_SESSION,
  FLOOR,
  FLOOR_10_MS,
  PEERS,
  SKEIN,
  SKEIN_PROTOBUF,
  SKEIN_WITHOUT_CHAT,
  SKEIN_WITHOUT_HISTORY,
  WS_SAME_WORK,
  WS_SESSION,
} from '../systems/index.ts'
import { NCHAN } from '../systems/nchan.ts'
import { chat } from './chat.ts'
import { compression } from './compression.ts'
import { connect } from './connect.ts'
import { crossNode } from './cross-node.ts'
import { fanOut } from './fan-out.ts'
import { idle } from './idle.ts'
import { nodeDeath } from './node-death.ts'
import { presence } from './presence.ts'
import { publish } from './publish.ts'
import { recovery } from './recovery.ts'
import type { Row } from './row.ts'

const ALL = [SKEIN, ...CENTRIFUGO, ...PEERS]
/** Those whose protocol has acknowledged publishes, recovery and presence. */
const SAME_PROTOCOL = [SKEIN, ...CENTRIFUGO]
/** With the peers that have tokens and sessions, too. */
const OPENING = [...ALL, WS_SESSION, FASTIFY_SESSION]
const SOCKET_IO = 'socket-io-redis'
/** Name of the tree before a change: `--tree base=PATH`. */
const BASE = 'base'

export const ROWS: readonly Row[] = [
  fanOut({
    name: 'fan-out-sparse',
    title: 'One channel, 2,000 subscribers, 25 messages a second',
    subscribers: 2000,
    rate: 25,
    systems: [...ALL, ...NCHAN, FLOOR],
    budgets: [
      { metric: 'cpu', text: 'CPU per message', timesOf: { system: 'plain-ws', factor: 0.95 } },
      { metric: 'cpu', text: 'CPU per message', timesOf: { system: SOCKET_IO, factor: 0.62 } },
      { metric: 'p99', text: 'p99', most: 30 },
    ],
  }),
  fanOut({
    name: 'fan-out-dense',
    title: 'One channel, 200 subscribers, 500 messages a second',
    subscribers: 200,
    rate: 500,
    systems: [...ALL, ...NCHAN, FLOOR, FLOOR_10_MS],
    budgets: [
      { metric: 'cpu', text: 'CPU per message', timesOf: { system: SOCKET_IO, factor: 0.3 } },
      { metric: 'p99', text: 'p99', most: 15 },
    ],
  }),
  idle(OPENING, [{ metric: 'memory', text: 'resident memory per connection, KB', most: 6.5 }]),
  connect(
    [SKEIN, SKEIN_WITHOUT_CHAT, ...CENTRIFUGO, ...PEERS, WS_SESSION, FASTIFY_SESSION],
    [
      { metric: 'cpu', text: 'CPU per connection', timesOf: { system: BASE, factor: 1.15 } },
      { metric: 'cpu', text: 'CPU per connection', timesOf: { system: FASTIFY_SESSION.name, factor: 2 } },
      // The peer has no chat layer, which adds a channel with history to each connection.
      {
        metric: 'cpu',
        of: SKEIN_WITHOUT_CHAT.name,
        text: 'CPU per connection without chat',
        timesOf: { system: FASTIFY_SESSION.name, factor: 2 },
      },
    ],
  ),
  publish(SAME_PROTOCOL, [
    {
      metric: 'rate',
      text: 'acknowledged per second',
      atLeastTimesOf: { system: 'centrifugo', factor: 1.7 },
    },
    { metric: 'halfP99', text: 'p99 at half of it, ms', most: 50 },
  ]),
  crossNode(
    [...ALL, WS_SAME_WORK],
    [
      { metric: 'p50', text: 'p50, ms', most: 2 },
      { metric: 'p99', text: 'p99, ms', most: 10 },
    ],
  ),
  chat(
    [SKEIN, SKEIN_WITHOUT_HISTORY, ...CENTRIFUGO, ...PEERS, WS_SAME_WORK],
    [{ metric: 'cpu', text: 'CPU per message', timesOf: { system: SOCKET_IO, factor: 1 } }],
  ),
  recovery(SAME_PROTOCOL),
  presence(SAME_PROTOCOL),
  nodeDeath(
    [SKEIN],
    [
      { metric: 'correct', text: 'presence correct, s', most: 5 },
      { metric: 'reaped', text: 'reaped, s', most: 10 },
    ],
  ),
  fanOut({
    name: 'encodings',
    title: 'Protobuf against JSON: one channel, 500 subscribers, 100 messages a second',
    subscribers: 500,
    rate: 100,
    systems: [SKEIN, SKEIN_PROTOBUF],
    budgets: [],
  }),
  compression,
]
