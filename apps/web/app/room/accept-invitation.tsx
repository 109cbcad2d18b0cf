import { TextInput } from '@mantine/core'
import { useChat } from '@skein/client/react'
import { useState } from 'react'
import { useT } from '../i18n/locale.tsx'
import { go, parseRoute } from '../route.ts'
import { Form } from '../ui/form.tsx'

export function AcceptInvitation({ done }: { readonly done: () => void }) {
  const t = useT()
  const chat = useChat()
  const [text, setText] = useState('')
  const submit = async (): Promise<void> => {
    go({ page: 'conversation', id: (await chat.rooms.accept(tokenIn(text))).id })
    done()
  }
  return (
    <Form action={t('room.accept')} disabled={text.trim() === ''} submit={submit}>
      {(problem) => (
        <TextInput
          data-autofocus
          label={t('room.inviteCode')}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={problem}
          spellCheck={false}
        />
      )}
    </Form>
  )
}

/** The code in an invitation link, or the code itself. */
function tokenIn(text: string): string {
  const route = parseRoute(text.slice(Math.max(0, text.indexOf('#'))).trim())
  return route.page === 'invitation' ? route.token : text.trim()
}
