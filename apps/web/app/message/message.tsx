/** One message with its actions. */
import type { ChatMessage, Conversation, Item } from '@skein/client'
import { useNames } from '@skein/client/react'
import { memo, useState } from 'react'
import type { Writing } from '../composer/writing.ts'
import { useT } from '../i18n/locale.tsx'
import { useTimes } from '../i18n/times.ts'
import { Face } from '../people/avatar.tsx'
import { Body } from './body.tsx'
import { MessageActions } from './message-actions.tsx'
import { Quote } from './quote.tsx'
import { Reactions } from './reactions.tsx'
import { StatusMark } from './status-mark.tsx'
import { Undelivered } from './undelivered.tsx'
import './message.css'

interface Props {
  readonly conversation: Conversation
  readonly message: ChatMessage
  readonly me: string
  /** True when the message above belongs to the same block. */
  readonly follows: boolean
  /** True for the newest message, where the Tab key enters. */
  readonly last: boolean
  readonly repliedTo: Item | 'gone' | 'loading' | undefined
  readonly setWriting: (writing: Writing) => void
}

export const Message = memo(function Message(props: Props) {
  const { message, follows, last, repliedTo, conversation, me } = props
  const t = useT()
  const { time } = useTimes()
  const nameOf = useNames()
  const { item, own, status } = message
  const name = own ? t('message.you') : nameOf(item.from)
  // Created on the first hover or focus, since hundreds of menus would be slow.
  const [met, setMet] = useState(false)
  const meet = () => setMet(true)
  const inRoom = conversation.id.startsWith('chat:')
  return (
    <li
      className="message"
      data-message={item.id}
      data-offset={item.offset}
      data-own={own}
      data-follows={follows}
      data-status={status}
      data-mentioned={!own && item.mentions?.includes(me) === true}
      tabIndex={last ? 0 : -1}
      onPointerEnter={meet}
      onFocus={meet}
    >
      {!own && inRoom && (
        <span className="messageFace">{!follows && <Face id={item.from} name={name} size="small" />}</span>
      )}
      <div className="messageColumn">
        {!own && inRoom && !follows && <span className="messageName">{name}</span>}
        <div className="bubbleBox">
          <div className="bubble">
            {follows && (
              <span className="srOnly">{t('message.by', { name, time: time(item.timestamp) })}</span>
            )}
            {!follows && (own || !inRoom) && <span className="srOnly">{name}</span>}
            {repliedTo !== undefined && <Quote item={repliedTo} />}
            <Body item={item} me={me} />
            <Foot message={message} />
          </div>
          {met && item.id !== '' && item.deletedAt === undefined && <MessageActions {...props} />}
        </div>
        <Reactions conversation={conversation} item={item} me={me} />
        {status === 'failed' && <Undelivered conversation={conversation} message={message} />}
      </div>
    </li>
  )
})

function Foot({ message: { item, status } }: { readonly message: ChatMessage }) {
  const t = useT()
  const { time, full, ago } = useTimes()
  return (
    <span className="messageFoot">
      {item.expiresAt !== undefined && <span>{t('message.expires', { when: ago(item.expiresAt) })}</span>}
      {item.editedAt !== undefined && item.deletedAt === undefined && <span>{t('message.edited')}</span>}
      <time dateTime={new Date(item.timestamp).toISOString()} title={full(item.timestamp)}>
        {time(item.timestamp)}
      </time>
      {status && <StatusMark status={status} />}
    </span>
  )
}
