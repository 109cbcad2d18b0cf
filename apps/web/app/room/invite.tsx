import { Button, TextInput } from '@mantine/core'
import type { Room } from '@skein/client'
import { useChat } from '@skein/client/react'
import { useState } from 'react'
import { userIdOf } from '../../src/user-id.ts'
import { useT } from '../i18n/locale.tsx'
import { hashOf } from '../route.ts'
import { copyText } from '../ui/copy-text.ts'
import { Form } from '../ui/form.tsx'
import { useSay } from '../ui/toasts.tsx'
import { useAttempt } from '../ui/use-attempt.ts'

/** Invites one user by name, or creates a link for any user. */
export function Invite({ room }: { readonly room: Room }) {
  const t = useT()
  const chat = useChat()
  const say = useSay()
  const [name, setName] = useState('')
  const [link, setLink] = useState<string>()
  const attempt = useAttempt()
  const makeLink = async (): Promise<void> => {
    const { token } = await chat.rooms.invite(room.id)
    setLink(`${location.origin}${location.pathname}${hashOf({ page: 'invitation', token })}`)
  }
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
      {link === undefined ? (
        <Button size="compact-sm" variant="subtle" onClick={() => void attempt(makeLink)}>
          {t('room.inviteAnyone')}
        </Button>
      ) : (
        <Link link={link} />
      )}
    </div>
  )
}

function Link({ link }: { readonly link: string }) {
  const t = useT()
  const say = useSay()
  const attempt = useAttempt()
  const copy = async (): Promise<void> => {
    await copyText(link)
    say(t('room.copied'))
  }
  return (
    <div className="inviteLink">
      <TextInput
        label={t('room.inviteLink')}
        value={link}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button variant="light" onClick={() => void attempt(copy)}>
        {t('room.copy')}
      </Button>
    </div>
  )
}
