/** The title of the conversation and its menu. */
import { Menu } from '@mantine/core'
import { type Conversation, EVERYONE } from '@skein/client'
import { useChat, useConversation, useTypists } from '@skein/client/react'
import { useState } from 'react'
import { useT } from '../i18n/locale.tsx'
import { Face, PersonFace } from '../people/avatar.tsx'
import { PresenceText } from '../people/presence-text.tsx'
import { RoomDetails } from '../room/room-details.tsx'
import { go, hashOf } from '../route.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { Icon } from '../ui/icons.tsx'
import { useAttempt } from '../ui/use-attempt.ts'
import { useTitle } from './title.ts'
import { useTypingText } from './typing-text.ts'

export function Head({ conversation }: { readonly conversation: Conversation }) {
  const t = useT()
  const state = useConversation(conversation)
  const { name, icon } = useTitle(state)
  const isPerson = state.type === 'private' && icon === undefined
  return (
    <header className="paneHead">
      <a className="paneBack" href={hashOf({ page: 'home' })} aria-label={t('conversation.back')}>
        <Icon name="back" size={22} />
      </a>
      {isPerson ? (
        <PersonFace user={state.with ?? ''} name={name} />
      ) : (
        <Face id={state.id} name={name} icon={icon} />
      )}
      <div className="paneTitle">
        {/* The page's own where it fills a phone, with the list's out of sight. */}
        <h1 id="conversation-name">{name}</h1>
        <p className="paneSub">
          <Subtitle conversation={conversation} isPerson={isPerson} />
        </p>
      </div>
      <Options conversation={conversation} />
    </header>
  )
}

function Subtitle({
  conversation,
  isPerson,
}: {
  readonly conversation: Conversation
  readonly isPerson: boolean
}) {
  const t = useT()
  const { room, with: other } = useConversation(conversation)
  const typing = useTypingText(useTypists(conversation))
  if (typing !== undefined) return <span className="typing">{typing}</span>
  if (isPerson) return <PresenceText user={other ?? ''} />
  return room === undefined ? null : t('room.members', { count: room.members })
}

function Options({ conversation }: { readonly conversation: Conversation }) {
  const t = useT()
  const chat = useChat()
  const attempt = useAttempt()
  const { pinned, muted, room, role } = useConversation(conversation)
  const [details, setDetails] = useState(false)
  const leave = async (id: string): Promise<void> => {
    await chat.rooms.leave(id)
    go({ page: 'home' })
  }
  const show = room !== undefined && role !== undefined
  return (
    <>
      {show && (
        <IconButton icon="people" label={t('conversation.details')} onClick={() => setDetails(true)} />
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <IconButton icon="more" label={t('conversation.menu')} />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<Icon name="pin" size={16} />}
            onClick={() => void attempt(() => conversation.set({ pinned: !pinned }))}
          >
            {t(pinned ? 'conversation.unpin' : 'conversation.pin')}
          </Menu.Item>
          <Menu.Item
            leftSection={<Icon name="bellOff" size={16} />}
            onClick={() => void attempt(() => conversation.set({ muted: !muted }))}
          >
            {t(muted ? 'conversation.unmute' : 'conversation.mute')}
          </Menu.Item>
          {show && conversation.id !== EVERYONE && (
            <Menu.Item
              leftSection={<Icon name="leave" size={16} />}
              onClick={() => void attempt(() => leave(room.id))}
            >
              {t('conversation.leave')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {show && <RoomDetails conversation={conversation} opened={details} onClose={() => setDetails(false)} />}
    </>
  )
}
