import type { ConversationView, Room, System } from '../wire/shapes.ts'

/** The view of a room after a system message, computed without a call. */
export function roomAfter(view: ConversationView, system: System, at: number, me: string): ConversationView {
  const { room } = view
  if (room === undefined) return view
  const role = system.kind === 'role' && system.user === me ? system.role : undefined
  return { ...view, room: changed(room, system, at), ...(role && { role }) }
}

function changed(room: Room, { kind, name = room.name }: System, at: number): Room {
  switch (kind) {
    case 'joined':
      return { ...room, members: room.members + 1 }
    case 'left':
    case 'kicked':
    case 'banned':
      return { ...room, members: Math.max(0, room.members - 1) }
    case 'renamed':
      return { ...room, name }
    case 'archived':
      return { ...room, archivedAt: at }
    case 'restored': {
      const { archivedAt: _, ...rest } = room
      return rest
    }
    default:
      return room
  }
}
