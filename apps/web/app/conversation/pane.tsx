/** One conversation: its head, its messages, and where one writes. */
import type { Conversation, Item } from '@skein/client'
import { useChat, useConnection, useConversation } from '@skein/client/react'
import { useEffect, useMemo, useState } from 'react'
import { Banner } from '../connection/banner.tsx'
import { useT } from '../i18n/locale.tsx'
import { Composer } from './composer.tsx'
import { Head } from './head.tsx'
import { MessageList } from './message-list.tsx'
import './pane.css'

/** What the composer is about, besides a new message. */
export type Writing =
  | { readonly kind: 'new' }
  | { readonly kind: 'reply'; readonly item: Item }
  | { readonly kind: 'edit'; readonly item: Item }

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
