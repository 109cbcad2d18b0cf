/** One conversation: its head, messages and composer. */
import type { Conversation } from '@skein/client'
import { useChat, useConnection, useConversation } from '@skein/client/react'
import { useEffect, useMemo, useState } from 'react'
import { Composer } from '../composer/composer.tsx'
import type { Writing } from '../composer/writing.ts'
import { Banner } from '../connection/banner.tsx'
import { useT } from '../i18n/locale.tsx'
import { MessageList } from '../message/message-list.tsx'
import { Head } from './head.tsx'
import './pane.css'

export function Pane({ id }: { readonly id: string }) {
  const chat = useChat()
  const conversation = useMemo(() => chat.conversation(id), [chat, id])
  useEffect(() => conversation.open(), [conversation])
  return <Opened key={id} conversation={conversation} />
}

function Opened({ conversation }: { readonly conversation: Conversation }) {
  const t = useT()
  const [writing, setWriting] = useState<Writing>({ kind: 'new' })
  const { room, id } = useConversation(conversation)
  const online = useConnection().state === 'online'
  const unknown = online && !conversation.known && id.startsWith('chat:')
  return (
    <section className="pane" aria-labelledby="conversation-name">
      <Head conversation={conversation} />
      <Banner />
      <MessageList conversation={conversation} setWriting={setWriting} />
      {room?.archivedAt !== undefined ? (
        <p className="paneNote">{t('conversation.archived')}</p>
      ) : id === 'chat:@everyone' ? (
        <p className="paneNote">{t('conversation.readOnly')}</p>
      ) : unknown ? (
        <p className="paneNote">{t('conversation.unknown')}</p>
      ) : (
        <Composer conversation={conversation} writing={writing} setWriting={setWriting} />
      )}
    </section>
  )
}
