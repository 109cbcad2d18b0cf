/**
 * Channel namespaces: what a channel may do is decided by the part of its name before `:`, from one validated table.
 * This schema is the type, the validation and the documentation (docs/reference/namespaces.md is compared with it by a test).
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
      description: 'Publications kept per channel; 0: no history.',
    }),
    historyTtl: seconds('How long a channel keeps its publications after the last one.', 0),
    historyMetaTtl: seconds(
      'How long a channel remembers its epoch and offset; 0: historyTtl plus 30 days. Must exceed historyTtl.',
      0,
    ),
    recovery: Type.Boolean({
      default: false,
      description: 'Subscribers recover what they missed after a reconnect. Needs history.',
    }),
    durability: Type.Union([Type.Literal('primary'), Type.Literal('replicated')], {
      default: 'primary',
      description:
        'When a publish is acknowledged: once the Redis primary has it, or once a replica has it too (error 100 where that takes over a second). Replicated needs history, and Redis with replicas.',
    }),
    delivery: Type.Union([Type.Literal('all'), Type.Literal('ephemeral'), Type.Literal('latest')], {
      default: 'all',
      description:
        'For subscribers too slow to take everything: all (they are closed with 3008 and recover), ephemeral (the oldest are dropped) or latest (only the newest of each channel is kept). Other than all: without recovery only.',
    }),
    writeDelay: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1000,
        description:
          'How long what is sent to a busy socket waits to be written together with what follows; 0: never, each publication is a write of its own. A quiet socket is written to at once. Absent: `SKEIN_WRITE_DELAY`. Milliseconds.',
      }),
    ),
    delta: Type.Boolean({
      default: false,
      description:
        'Subscribers that ask for it (`delta: "fossil"` in the SDK) get a publication as what has changed since the one before. For states that change little; see docs/operations/compression.md. Needs delivery all.',
    }),
    presence: Type.Boolean({ default: false, description: 'Who is in the channel can be asked.' }),
    joinLeave: Type.Boolean({
      default: false,
      description:
        'Subscribers are told when a user comes (first connection) and goes (last). Needs presence.',
    }),
    presenceLimit: Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      default: 1000,
      description:
        'Above it only numbers are told: with more users, join and leave are not pushed until a tenth of them has gone; with more connections, a client that asks for presence gets error 106, and presence_stats answers as ever, as does the server API. 0: no limit.',
    }),
    leaveGrace: Type.Integer({
      minimum: 0,
      maximum: 3600,
      default: 3,
      description:
        'How long the leave of a user whose last connection was lost waits for the user to be back; who unsubscribes or disconnects leaves at once. The default covers the first two attempts of an SDK to reconnect. Seconds.',
    }),
    suspected: Type.Boolean({
      default: false,
      description:
        'Presence lists who was lost and has grace left, with `"state":"suspected"` in chan_info. Needs presence.',
    }),
    subscribe: Type.Union([Type.Literal('anyone'), Type.Literal('token'), Type.Literal('server')], {
      default: 'token',
      description:
        'Who may subscribe: any connected client, holders of a subscription token, or the server alone.',
    }),
    publish: Type.Union([Type.Literal('server'), Type.Literal('subscriber'), Type.Literal('anyone')], {
      default: 'server',
      description:
        'Who may publish: the server API alone, subscribers of the channel, or any connected client.',
    }),
    history: Type.Union([Type.Literal('server'), Type.Literal('subscriber'), Type.Literal('anyone')], {
      default: 'subscriber',
      description: 'Who may read history.',
    }),
    presenceFor: Type.Union([Type.Literal('server'), Type.Literal('subscriber'), Type.Literal('anyone')], {
      default: 'subscriber',
      description: 'Who may read presence.',
    }),
  },
  { additionalProperties: false },
)

export type Namespace = Static<typeof NamespaceSchema>

/** `Type.Partial` keeps no options of what it is made from, so strictness is asked for again. */
const written = (description?: string) =>
  Type.Partial(NamespaceSchema, { additionalProperties: false, ...(description && { description }) })

export const ChannelsSchema = Type.Object(
  {
    namespaces: Type.Record(Type.String({ pattern: '^[-a-zA-Z0-9_.]{1,64}$' }), written(), {
      additionalProperties: false,
      default: {},
      description: 'Options by namespace name, the part of a channel before the first colon.',
    }),
    withoutNamespace: Type.Optional(written('Channels without a colon; absent: refused with error 102.')),
    personal: Type.Optional(
      written(
        'Personal channels `#user`: each connection of a user is subscribed to it by the server; absent: none.',
      ),
    ),
  },
  { additionalProperties: false },
)

/** The namespaces file (`SKEIN_CONFIG`), as written. */
export type ChannelsConfig = Static<typeof ChannelsSchema>
