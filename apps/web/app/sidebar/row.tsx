/** One row of the list of conversations. */
import { type Conversation, EVERYONE } from '@skein/client'
import { useChat, useConversation, useNames, useTypists } from '@skein/client/react'
import { memo } from 'react'
import { draftOf } from '../composer/drafts.ts'
import { useTitle } from '../conversation/title.ts'
import { useTypingText } from '../conversation/typing-text.ts'
import { useT } from '../i18n/locale.tsx'
import { useTimes } from '../i18n/times.ts'
import { StatusMark } from '../message/status-mark.tsx'
import { useSystemText } from '../message/system-text.ts'
import { Face, PersonFace } from '../people/avatar.tsx'
import { hashOf } from '../route.ts'
import { Icon } from '../ui/icons.tsx'

interface Props {
  readonly conversation: Conversation
  readonly current: boolean
}

export const Row = memo(function Row({ conversation, current }: Props) {
  const t = useT()
  const { short } = useTimes()
  const state = useConversation(conversation)
  const { name, icon } = useTitle(state)
  const { last, unread, mentions, muted, pinned } = state
  return (
    <li>
      <a
        className="row"
        href={hashOf({ page: 'conversation', id: state.id })}
        aria-current={current ? 'page' : undefined}
        data-unread={unread > 0 && !muted}
      >
        {state.type === 'private' && icon === undefined ? (
          <PersonFace user={state.with ?? ''} name={name} />
        ) : (
          <Face id={state.id} name={name} icon={icon} />
        )}
        <span className="rowText">
          <span className="rowTop">
            <span className="rowName">{name}</span>
            {pinned && <Flag icon="pin" label={t('list.pinned')} />}
            {muted && <Flag icon="bellOff" label={t('list.muted')} />}
            {last && <time className="rowTime">{short(last.item.timestamp)}</time>}
          </span>
          <span className="rowBottom">
            {last?.status && state.id !== EVERYONE && <StatusMark status={last.status} />}
            <Preview conversation={conversation} current={current} />
            {mentions > 0 && (
              <span className="badge" role="img" aria-label={t('list.mentions')}>
                @
              </span>
            )}
            {unread > 0 && (
              <span
                className="badge"
                data-muted={muted}
                role="img"
                aria-label={t('list.unread', { count: unread })}
              >
                {unread > 99 ? '99+' : unread}
              </span>
            )}
          </span>
        </span>
      </a>
    </li>
  )
})

function Flag({ icon, label }: { readonly icon: 'pin' | 'bellOff'; readonly label: string }) {
  return (
    <span className="rowFlag" role="img" aria-label={label}>
      <Icon name={icon} size={13} />
    </span>
  )
}

function Preview({ conversation, current }: Props) {
  const t = useT()
  const { user } = useChat()
  const nameOf = useNames()
  const systemText = useSystemText()
  const typing = useTypingText(useTypists(conversation))
  const { last, type } = useConversation(conversation)
  const draft = current ? '' : draftOf(conversation.id)
  if (typing !== undefined) return <span className="preview typing">{typing}</span>
  if (draft !== '') return <span className="preview">{t('list.draft', { text: draft })}</span>
  if (last === undefined) return <span className="preview">{t('list.nothing')}</span>
  const { item } = last
  if (item.type === 'system') return <span className="preview">{systemText(item)}</span>
  const text = item.deletedAt === undefined ? item.body : t('message.deleted')
  if (item.from === user) return <span className="preview">{t('list.you', { text })}</span>
  if (type === 'private') return <span className="preview">{text}</span>
  return <span className="preview">{t('list.someone', { name: nameOf(item.from), text })}</span>
}
