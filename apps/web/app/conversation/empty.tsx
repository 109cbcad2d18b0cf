/** A conversation without messages: its other side, and a first step. */
import { Button } from '@mantine/core'
import { type Conversation, EVERYONE } from '@skein/client'
import { useConversation } from '@skein/client/react'
import type { Key } from '../i18n/en.ts'
import { useT } from '../i18n/locale.tsx'
import { Face } from '../people/avatar.tsx'
import { type Title, useTitle } from './title.ts'

const WAVE = '👋'

export function Empty({ conversation }: { readonly conversation: Conversation }) {
  const t = useT()
  const state = useConversation(conversation)
  const title = useTitle(state)
  const { name, icon } = title
  const isPerson = icon === undefined
  return (
    <div className="messagesEmpty">
      <Face id={isPerson ? (state.with ?? '') : state.id} name={name} icon={icon} size="large" />
      <h2>{name}</h2>
      <p>{t(hintOf(state.id, title))}</p>
      {isPerson && (
        <Button variant="light" onClick={() => conversation.send(WAVE)}>
          {t('conversation.wave', { emoji: WAVE })}
        </Button>
      )}
    </div>
  )
}

function hintOf(id: string, { icon }: Title): Key {
  if (id === EVERYONE) return 'conversation.emptyEveryone'
  return icon === 'note' ? 'conversation.emptySelf' : 'conversation.empty'
}
