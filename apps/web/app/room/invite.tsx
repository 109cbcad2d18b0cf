import { TextInput } from '@mantine/core'
import type { Room } from '@skein/client'
import { useChat } from '@skein/client/react'
import { useState } from 'react'
import { userIdOf } from '../../src/user-id.ts'
import { useT } from '../i18n/locale.tsx'
import { Form } from '../ui/form.tsx'
import { useSay } from '../ui/toasts.tsx'
import { InviteLink } from './invite-link.tsx'

/** Invites one user by name, or creates a link for any user. */
export function Invite({ room }: { readonly room: Room }) {
  const t = useT()
  const chat = useChat()
  const say = useSay()
  const [name, setName] = useState('')
  const submit = async (): Promise<void> => {
    await chat.rooms.invite(room.id, userIdOf(name))
    say(t('room.invited', { name }))
    setName('')
  }
  return (
    <div className="invite">
      <Form inline action={t('room.invite')} disabled={name.trim() === ''} submit={submit}>
        {(problem) => (
          <TextInput
            label={t('room.inviteWho')}
            placeholder={t('direct.who')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={problem}
            spellCheck={false}
          />
        )}
      </Form>
      <InviteLink room={room} />
    </div>
  )
}
