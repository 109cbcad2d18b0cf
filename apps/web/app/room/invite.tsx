import { Button, TextInput } from '@mantine/core'
import type { Room } from '@skein/client'
import { useChat } from '@skein/client/react'
import { useState } from 'react'
import { userIdOf } from '../../src/user-id.ts'
import { useT } from '../i18n/locale.tsx'
import { hashOf } from '../route.ts'
import { Form } from '../ui/form.tsx'
import { useSay } from '../ui/toasts.tsx'
import { useAttempt } from '../ui/use-attempt.ts'

/** Somebody by name, who hears of it at once; or a link for whoever has it. */
export function Invite({ room }: { readonly room: Room }) {
  const t = useT()
  const chat = useChat()
  const say = useSay()
  const [name, setName] = useState('')
  const [link, setLink] = useState<string>()
  const submit = async (): Promise<void> => {
    if (name.trim() === '') {
      const { token } = await chat.rooms.invite(room.id)
      setLink(`${location.origin}${location.pathname}${hashOf({ page: 'invitation', token })}`)
      return
    }
    await chat.rooms.invite(room.id, userIdOf(name))
    say(t('room.invited', { name }))
    setName('')
  }
  return (
    <>
      <Form action={t('room.invite')} submit={submit}>
        {(problem) => (
          <TextInput
            label={t('room.inviteWho')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={problem}
            spellCheck={false}
          />
        )}
      </Form>
      {link !== undefined && <Link link={link} />}
    </>
  )
}

function Link({ link }: { readonly link: string }) {
  const t = useT()
  const say = useSay()
  const attempt = useAttempt()
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(link)
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
