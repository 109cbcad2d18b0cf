/**
 * Channel namespaces: the part of a channel's name before `:` selects its options from one validated table.
 * This schema is the type, the validation and the documentation: a test compares docs/reference/namespaces.md
 * with it.
 */
import Type, { type Static } from 'typebox'

const seconds = (text: string, initial: number) =>
  Type.Integer({ minimum: 0, maximum: 31_536_000, default: initial, description: `${text} Seconds.` })

export const NamespaceSchema = Type.Object(
  {
    historySize: Type.Integer({
      minimum: 0,
      maximum: 100_000,
      default: 0,
      description: 'Publications kept per channel; 0 disables history.',
    }),
    historyTtl: seconds('Time that a channel keeps its publications after the last one.', 0),
    historyMetaTtl: seconds(
      'Time that a channel keeps its epoch and offset; 0: historyTtl plus 30 days. Must exceed historyTtl.',
      0,
    ),
    recovery: Type.Boolean({
      default: false,
      description: 'Subscribers recover missed publications after a reconnect. Needs history.',
    }),
    durability: Type.Union([Type.Literal('primary'), Type.Literal('replicated')], {
      default: 'primary',
      description:
        'Acknowledgement of a publish: once the Redis primary has it, or once a replica has it too (error 100 if that takes over a second). Replicated needs history, and Redis with replicas.',
    }),
    delivery: Type.Union([Type.Literal('all'), Type.Literal('ephemeral'), Type.Literal('latest')], {
      default: 'all',
      description:
        'Delivery to slow subscribers: all (closes them with 3008, and they recover), ephemeral (drops the oldest publications) or latest (keeps the newest publication of each channel). Ephemeral and latest exclude recovery.',
    }),
    writeDelay: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1000,
        description:
          'Time that messages to a busy socket wait for one shared write; 0 disables waiting. Messages to a quiet socket do not wait. Absent: `SKEIN_WRITE_DELAY`. Milliseconds.',
      }),
    ),
    delta: Type.Boolean({
      default: false,
      description:
        'Subscribers that ask for it (`delta: "fossil"` in the SDK) receive the difference to the previous publication. For states that change little; see docs/operations/compression.md. Needs delivery all.',
    }),
    presence: Type.Boolean({
      default: false,
      description: 'Presence of the channel: its connections can be listed and counted.',
    }),
    joinLeave: Type.Boolean({
      default: false,
      description:
        'Join and leave pushes to subscribers, for the first and the last connection of a user. Needs presence.',
    }),
    presenceLimit: Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      default: 1000,
      description:
        'Limit of users and connections for join, leave and presence. With more users, join and leave are not pushed until a tenth of the users has left. With more connections, presence fails with error 106 for clients; presence_stats and the server API still answer. 0 disables the limit.',
    }),
    leaveGrace: Type.Integer({
      minimum: 0,
      maximum: 3600,
      default: 3,
      description:
        'Grace period of a user whose last connection was lost, before the leave. A user who unsubscribes or disconnects leaves at once. The default covers the first two reconnect attempts of an SDK. Seconds.',
    }),
    suspected: Type.Boolean({
      default: false,
      description:
        'Presence lists users in their grace period, with `"state":"suspected"` in chan_info. Needs presence.',
    }),
    subscribe: Type.Union([Type.Literal('anyone'), Type.Literal('token'), Type.Literal('server')], {
      default: 'token',
      description:
        'Permission to subscribe: any connected client, holders of a subscription token, or the server alone.',
    }),
    publish: Type.Union([Type.Literal('server'), Type.Literal('subscriber'), Type.Literal('anyone')], {
      default: 'server',
      description:
        'Permission to publish: the server API alone, subscribers of the channel, or any connected client.',
    }),
    history: Type.Union([Type.Literal('server'), Type.Literal('subscriber'), Type.Literal('anyone')], {
      default: 'subscriber',
      description: 'Permission to read history.',
    }),
    presenceFor: Type.Union([Type.Literal('server'), Type.Literal('subscriber'), Type.Literal('anyone')], {
      default: 'subscriber',
      description: 'Permission to read presence.',
    }),
  },
  { additionalProperties: false },
)

export type Namespace = Static<typeof NamespaceSchema>

/** `Type.Partial` keeps no options of its schema, so strictness is set again. */
const written = (description?: string) =>
  Type.Partial(NamespaceSchema, { additionalProperties: false, ...(description && { description }) })

export const ChannelsSchema = Type.Object(
  {
    namespaces: Type.Record(Type.String({ pattern: '^[-a-zA-Z0-9_.]{1,64}$' }), written(), {
      additionalProperties: false,
      default: {},
      description: 'Options by namespace name, the part of a channel before the first colon.',
    }),
    withoutNamespace: Type.Optional(written('Channels without a colon. Absent: rejected with error 102.')),
    personal: Type.Optional(
      written('Personal channels `#user`: the server subscribes each connection of a user. Absent: none.'),
    ),
  },
  { additionalProperties: false },
)

/** The namespaces file (`SKEIN_CONFIG`), as written. */
export type ChannelsConfig = Static<typeof ChannelsSchema>
