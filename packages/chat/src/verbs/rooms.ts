import Type from 'typebox'
import { viewRoom } from '../conversation/view.ts'
import { verb } from '../rpc/verb.ts'
import { CursorText, limit, object, RoomSchema } from '../schema.ts'
import { nameKey, searchKey } from '../text/names.ts'

export const ROOMS = verb({
  method: 'chat.rooms',
  summary: 'The directory: public rooms that are not archived, by name.',
  request: object({
    prefix: Type.Optional(Type.String({ maxLength: 80 })),
    text: Type.Optional(
      Type.String({ maxLength: 80, description: 'A part of the name, without regard to case and accents.' }),
    ),
    limit: limit(100),
    cursor: CursorText,
  }),
  reply: object({ rooms: Type.Array(RoomSchema), cursor: Type.Optional(Type.String()) }),
  handle: async (chat, _, { prefix = '', text = '', limit: most = 50, cursor }) => {
    const wanted = searchKey(text)
    const start = nameKey(prefix)
    const matches = (key: string) => key.startsWith(start) && searchKey(key).includes(wanted)
    const page =
      wanted === ''
        ? await chat.storage.rooms.byName(start, { limit: most, cursor })
        : await chat.storage.rooms.search(matches, { limit: most, cursor })
    const shown = page.items.filter((room) => room.visibility === 'public' && room.archivedAt === undefined)
    return { rooms: shown.map(viewRoom), ...(page.cursor !== undefined && { cursor: page.cursor }) }
  },
})
