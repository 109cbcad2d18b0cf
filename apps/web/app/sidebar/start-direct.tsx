import { TextInput } from '@mantine/core'
import { useChat } from '@skein/client/react'
import { useState } from 'react'
import { userIdOf } from '../../src/user-id.ts'
import { useT } from '../i18n/locale.tsx'
import { go } from '../route.ts'
import { Form } from '../ui/form.tsx'

export function StartDirect({ done }: { readonly done: () => void }) {
  const t = useT()
  const chat = useChat()
  const [name, setName] = useState('')
  const submit = async (): Promise<void> => {
    go({ page: 'conversation', id: chat.direct(userIdOf(name)).id })
    done()
  }
  return (
    <Form action={t('direct.start')} disabled={name.trim() === ''} submit={submit}>
      {(problem) => (
        <TextInput
          data-autofocus
          label={t('direct.who')}
          description={t('direct.hint')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={problem}
          spellCheck={false}
          autoCapitalize="none"
        />
      )}
    </Form>
  )
}
