import { TextInput } from '@mantine/core'
import { useChat, useNames } from '@skein/client/react'
import { useState } from 'react'
import { useT } from '../i18n/locale.tsx'
import { checkName, NAME_LENGTH } from '../people/names.ts'
import { Form } from '../ui/form.tsx'
import { keepSession } from './session.ts'

/** Changes the display name; the user id stays the same. */
export function Rename({ done }: { readonly done: () => void }) {
  const t = useT()
  const chat = useChat()
  const [name, setName] = useState(useNames()(chat.user))
  const checked = checkName(name)
  const submit = async (): Promise<void> => {
    if (!checked.ok) return
    await chat.call('chat.profile.set', { name: checked.value })
    keepSession({ user: chat.user, name: checked.value })
    chat.profiles.online()
    done()
  }
  return (
    <Form action={t('composer.save')} disabled={!checked.ok} submit={submit}>
      {(problem) => (
        <TextInput
          data-autofocus
          label={t('signIn.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={problem ?? (checked.ok ? undefined : t(checked.problem, { most: NAME_LENGTH }))}
          spellCheck={false}
        />
      )}
    </Form>
  )
}
