import { ReplyError } from '@skein/core'
import { ERROR } from '@skein/protocol'
import Type from 'typebox'
import { milliseconds, written } from '../../config/kinds.ts'
import type { Service } from '../../process/maintenance.ts'
import { type JsonText, object } from '../json.ts'
import { type ApiContext, method, optional, request } from '../method.ts'

const ServiceSchema = Type.Object({
  node: Type.String({ description: 'Name of the node that was called.' }),
  state: Type.String({ description: '`serving`, `draining`, or `starting` while it waits for the cluster.' }),
  num_clients: Type.Integer({ description: 'Connections of the node.' }),
  window: optional(Type.String({ description: 'Time over which the drain closes them: `30s`.' })),
  left: optional(Type.String({ description: 'Time until the drain has closed the last one.' })),
})

/** One hour, the maximum of SKEIN_DRAIN_WINDOW. */
const MOST_MS = 3_600_000

export const drain = method({
  name: 'drain',
  summary:
    'Drains the node that is called, for maintenance: it is not ready, refuses handshakes with 503, and closes its connections evenly over `window` with code 3001. Their clients reconnect to other nodes. Answers at once. Further calls change nothing, unless they give another window. The drain lasts until `undrain` or the end of the node.',
  request: request({
    window: optional(
      Type.String({ description: '`30s`, `5m`, `0`; at most `1h`. Without it, SKEIN_DRAIN_WINDOW.' }),
    ),
  }),
  result: ServiceSchema,
  run: async (context, { window }) =>
    text(context, context.maintenance.drain(window === undefined ? undefined : windowOf(window))),
})

export const undrain = method({
  name: 'undrain',
  summary:
    'Ends the maintenance of the node that is called: it accepts connections again. Clients that moved to other nodes stay there.',
  request: request({}),
  result: ServiceSchema,
  run: async (context) => text(context, context.maintenance.undrain()),
})

function windowOf(from: string): number {
  const window = milliseconds(from)
  if (window >= 0 && window <= MOST_MS) return window
  throw new ReplyError(ERROR.badRequest, 'window must be a duration of at most 1h: 500ms, 30s, 5m')
}

function text({ name }: ApiContext, { state, clients, window, left }: Service): JsonText {
  const duration = (ms: number | undefined) =>
    ms === undefined ? undefined : JSON.stringify(written('duration', ms))
  return object({
    node: JSON.stringify(name),
    state: JSON.stringify(state),
    num_clients: String(clients),
    window: duration(window),
    left: duration(left),
  })
}
