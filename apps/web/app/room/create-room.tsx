import { SegmentedControl, TextInput } from '@mantine/core'
import type { Visibility } from '@skein/client'
import { useChat } from '@skein/client/react'
import { useState } from 'react'
import { useT } from '../i18n/locale.tsx'
import { go } from '../route.ts'
import { Form } from '../ui/form.tsx'

export function CreateRoom({ done }: { readonly done: () => void }) {
  const t = useT()
  const chat = useChat()
  const [name, setName] = useState('')
  const [visibility, setVisibility] = useState<Visibility>('public')
  const submit = async (): Promise<void> => {
    const { id } = await chat.rooms.create(name, visibility)
    go({ page: 'conversation', id })
    done()
  }
  return (
    <Form action={t('room.create')} disabled={name.trim() === ''} submit={submit}>
      {(problem) => (
        <>
          <TextInput
            data-autofocus
            label={t('room.name')}
            value={name}
            maxLength={80}
            onChange={(event) => setName(event.currentTarget.value)}
            error={problem}
          />
          <SegmentedControl
            fullWidth
            aria-label={t('room.visibility')}
            value={visibility}
            onChange={(value) => setVisibility(value === 'members' ? 'members' : 'public')}
            data={[
              { value: 'public', label: t('room.public') },
              { value: 'members', label: t('room.membersOnly') },
            ]}
          />
        </>
      )}
    </Form>
  )
}
