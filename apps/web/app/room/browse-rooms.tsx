/** Public rooms by name, with a button to join. */
import { Button, TextInput } from '@mantine/core'
import { type Room, roomConversation } from '@skein/client'
import { useChat, useConversations } from '@skein/client/react'
import { useEffect, useState } from 'react'
import { useT } from '../i18n/locale.tsx'
import { Face } from '../people/avatar.tsx'
import { go } from '../route.ts'
import { Icon } from '../ui/icons.tsx'
import { useAttempt } from '../ui/use-attempt.ts'

export function BrowseRooms({ done }: { readonly done: () => void }) {
  const t = useT()
  const [text, setText] = useState('')
  const { rooms, more } = useRooms(text)
  return (
    <div className="form">
      <TextInput
        data-autofocus
        type="search"
        aria-label={t('room.search')}
        placeholder={t('room.search')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        leftSection={<Icon name="search" size={16} />}
      />
      <ul className="plainList" aria-live="polite">
        {rooms?.map((room) => (
          <RoomLine key={room.id} room={room} done={done} />
        ))}
      </ul>
      {rooms?.length === 0 && (
        <p className="note">{text.trim() === '' ? t('room.none') : t('list.noMatch', { text })}</p>
      )}
      {more !== undefined && (
        <Button variant="subtle" onClick={more}>
          {t('list.more')}
        </Button>
      )}
    </div>
  )
}

function RoomLine({ room, done }: { readonly room: Room; readonly done: () => void }) {
  const t = useT()
  const chat = useChat()
  const attempt = useAttempt()
  const { conversations } = useConversations()
  const id = roomConversation(room.id)
  const member = conversations.some((conversation) => conversation.id === id)
  const label = member ? 'room.open' : 'room.join'
  const join = async (): Promise<void> => {
    if (!member) await chat.rooms.join(room.id)
    go({ page: 'conversation', id })
    done()
  }
  return (
    <li className="plainLine">
      <Face id={`chat:${room.id}`} name={room.name} icon="hash" />
      <span className="plainText">
        <strong>{room.name}</strong>
        <small>{t('room.members', { count: room.members })}</small>
      </span>
      <Button
        size="compact-sm"
        variant="light"
        onClick={() => void attempt(join)}
        aria-label={`${t(label)}: ${room.name}`}
      >
        {t(label)}
      </Button>
    </li>
  )
}

/** The loaded pages of matching rooms; `more` loads the next page. */
function useRooms(text: string): {
  readonly rooms: readonly Room[] | undefined
  readonly more: (() => void) | undefined
} {
  const chat = useChat()
  const attempt = useAttempt()
  const [found, setFound] = useState<{ rooms: readonly Room[]; cursor?: string }>()
  useEffect(() => {
    let current = true
    void attempt(async () => {
      const page = await chat.rooms.find({ limit: 30, ...(text !== '' && { text }) })
      if (current) setFound(page)
    })
    return () => {
      current = false
    }
  }, [chat, attempt, text])
  const cursor = found?.cursor
  const more = () =>
    void attempt(async () => {
      const page = await chat.rooms.find({ limit: 30, cursor, ...(text !== '' && { text }) })
      setFound((before) => ({ ...page, rooms: [...(before?.rooms ?? []), ...page.rooms] }))
    })
  return { rooms: found?.rooms, more: cursor === undefined ? undefined : more }
}
