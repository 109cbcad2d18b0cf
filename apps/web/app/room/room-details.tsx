/** The details of a room: members, invitations and name. */
import { Button, Drawer, TextInput } from '@mantine/core'
import type { Conversation, Room } from '@skein/client'
import { useChat, useConversation } from '@skein/client/react'
import { useState } from 'react'
import { useT } from '../i18n/locale.tsx'
import { Form } from '../ui/form.tsx'
import { useAttempt } from '../ui/use-attempt.ts'
import { Invite } from './invite.tsx'
import { MemberList } from './member-list.tsx'

interface Props {
  readonly conversation: Conversation
  readonly opened: boolean
  readonly onClose: () => void
}

export function RoomDetails({ conversation, opened, onClose }: Props) {
  const t = useT()
  const { room, role } = useConversation(conversation)
  if (room === undefined) return null
  return (
    <Drawer
      title={room.name}
      opened={opened}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t('dialog.close') }}
    >
      <div className="details">
        {role !== 'member' || room.visibility === 'public' ? <Invite room={room} /> : null}
        <MemberList conversation={conversation} close={onClose} />
        {role === 'owner' && <RenameRoom key={room.name} room={room} />}
        {role === 'owner' && <Archive room={room} />}
      </div>
    </Drawer>
  )
}

function RenameRoom({ room }: { readonly room: Room }) {
  const t = useT()
  const chat = useChat()
  const [name, setName] = useState(room.name)
  const submit = async (): Promise<void> => {
    await chat.rooms.rename(room.id, name)
  }
  return (
    <Form
      inline
      action={t('room.rename')}
      disabled={name.trim() === '' || name === room.name}
      submit={submit}
    >
      {(problem) => (
        <TextInput
          label={t('room.name')}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.currentTarget.value)}
          error={problem}
        />
      )}
    </Form>
  )
}

function Archive({ room }: { readonly room: Room }) {
  const t = useT()
  const chat = useChat()
  const attempt = useAttempt()
  const archived = room.archivedAt !== undefined
  return (
    <Button
      variant="light"
      color="red"
      onClick={() => void attempt(() => chat.rooms.archive(room.id, !archived))}
    >
      {t(archived ? 'room.restore' : 'room.archive')}
    </Button>
  )
}
