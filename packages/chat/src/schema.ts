/** Schemas that calls and events share. Each is type, validation and documentation at once. */
import Type, { type Static } from 'typebox'

export const object = <P extends Parameters<typeof Type.Object>[0]>(properties: P) =>
  Type.Object(properties, { additionalProperties: false })

export const ClientId = Type.String({ pattern: '^[\\x21-\\x7e]{1,64}$' })
export const Offset = Type.Integer({ minimum: 0 })
export const Time = Type.Integer({ minimum: 0 })
/** Ids and cursors without lone surrogates, which no UTF-8 codec can represent. */
const id = (most: number) => Type.String({ minLength: 1, maxLength: most, pattern: '^\\P{Cs}*$' })
export const ConversationId = id(255)
export const UserId = id(64)
export const RoomId = id(64)
export const DeviceId = id(64)
export const InviteToken = id(64)
export const limit = (most: number) => Type.Optional(Type.Integer({ minimum: 1, maximum: most }))
export const CursorText = Type.Optional(id(512))

export const Empty = object({})

export const PositionSchema = object({ offset: Offset, epoch: Type.String() })

export const TargetSchema = object({ id: id(64), offset: Offset })

export const RoleSchema = Type.Union([
  Type.Literal('owner'),
  Type.Literal('moderator'),
  Type.Literal('member'),
])

export const VisibilitySchema = Type.Union([Type.Literal('public'), Type.Literal('members')])

const SystemKindSchema = Type.Union([
  Type.Literal('created'),
  Type.Literal('joined'),
  Type.Literal('left'),
  Type.Literal('kicked'),
  Type.Literal('banned'),
  Type.Literal('renamed'),
  Type.Literal('role'),
  Type.Literal('muted'),
  Type.Literal('archived'),
  Type.Literal('restored'),
  Type.Literal('announcement'),
])

export const SystemSchema = object({
  kind: SystemKindSchema,
  user: Type.Optional(UserId),
  by: Type.Optional(UserId),
  name: Type.Optional(Type.String()),
  role: Type.Optional(RoleSchema),
  until: Type.Optional(Time),
})

const MESSAGE = {
  id: Type.String(),
  timestamp: Time,
  type: Type.Union([
    Type.Literal('private'),
    Type.Literal('room'),
    Type.Literal('broadcast'),
    Type.Literal('system'),
    Type.Literal('ephemeral'),
  ]),
  from: Type.String(),
  to: Type.String(),
  body: Type.String(),
  clientId: Type.String(),
  replyTo: Type.Optional(TargetSchema),
  expiresAt: Type.Optional(Time),
  mentions: Type.Optional(Type.Array(Type.String())),
  system: Type.Optional(SystemSchema),
}

const AMENDMENT = {
  version: Type.Integer({ minimum: 0 }),
  body: Type.Optional(Type.String()),
  editedAt: Type.Optional(Time),
  mentions: Type.Optional(Type.Array(Type.String())),
  deletedAt: Type.Optional(Time),
  deletedBy: Type.Optional(Type.String()),
  reactions: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
}

/** A message as it was sent. */
export const MessageSchema = object(MESSAGE)
export const AmendmentSchema = object(AMENDMENT)
/** A message as it reads now. */
export const ItemSchema = object({ ...AMENDMENT, ...MESSAGE, offset: Offset })

export const RoomSchema = object({
  id: Type.String(),
  name: Type.String(),
  visibility: VisibilitySchema,
  createdBy: Type.String(),
  createdAt: Time,
  archivedAt: Type.Optional(Time),
  members: Type.Integer(),
})

export const ConversationSchema = object({
  id: Type.String(),
  type: Type.Union([Type.Literal('private'), Type.Literal('room'), Type.Literal('broadcast')]),
  with: Type.Optional(Type.String()),
  room: Type.Optional(RoomSchema),
  role: Type.Optional(RoleSchema),
  top: PositionSchema,
  last: Type.Optional(ItemSchema),
  read: Offset,
  unread: Type.Integer(),
  mentions: Type.Integer(),
  muted: Type.Boolean(),
  pinned: Type.Boolean(),
  peer: Type.Optional(object({ read: Offset, delivered: Offset })),
})

export const PersonSchema = object({
  user: Type.String(),
  status: Type.Union([
    Type.Literal('online'),
    Type.Literal('away'),
    Type.Literal('suspected'),
    Type.Literal('offline'),
  ]),
  lastSeen: Type.Optional(Time),
  at: Time,
})

export type Message = Static<typeof MessageSchema>
export type System = Static<typeof SystemSchema>
export type Amendment = Static<typeof AmendmentSchema>
export type Item = Static<typeof ItemSchema>
export type Target = Static<typeof TargetSchema>
export type Room = Static<typeof RoomSchema>
export type ConversationView = Static<typeof ConversationSchema>
export type Person = Static<typeof PersonSchema>
