/**
 * The messages of a conversation, newest at the bottom. Scrolling up loads older ones; the list is one Tab
 * stop.
 */
import { Button, Loader } from '@mantine/core'
import type { ChatMessage, Conversation } from '@skein/client'
import { useChat, useTimeline } from '@skein/client/react'
import { Fragment, useCallback, useLayoutEffect, useMemo, useRef } from 'react'
import type { Writing } from '../composer/writing.ts'
import { Empty } from '../conversation/empty.tsx'
import { useT } from '../i18n/locale.tsx'
import { daysAgo, useTimes } from '../i18n/times.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { useAttempt } from '../ui/use-attempt.ts'
import { onArrowKeys } from './arrow-keys.ts'
import { Message } from './message.tsx'
import { SystemLine } from './system-line.tsx'
import { useReading } from './use-reading.ts'
import { useScroll } from './use-scroll.ts'

interface Props {
  readonly conversation: Conversation
  readonly setWriting: (writing: Writing) => void
}

export function MessageList({ conversation, setWriting }: Props) {
  const t = useT()
  const { messages, loaded, error } = useTimeline(conversation)
  const scroller = useRef<HTMLDivElement>(null)
  const older = useOlder(conversation)
  const scrolling = useScroll(scroller, messages, older)
  const { atBottom, onScroll, toBottom, toElement } = scrolling
  const { firstUnread, fresh } = useReading(conversation, scrolling)
  useLayoutEffect(() => {
    const separator = scroller.current?.querySelector('.newSeparator')
    if (firstUnread !== undefined && separator) toElement(separator)
  }, [firstUnread, toElement])
  return (
    <div className="messagesFrame">
      {/* biome-ignore lint/a11y/useSemanticElements: a section is a div with a heading, and this has none */}
      <div
        ref={scroller}
        className="messages"
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable element must be reachable by keyboard
        tabIndex={0}
        role="region"
        aria-label={t('conversation.messages')}
      >
        <div className="messagesInner">
          <Beginning conversation={conversation} load={older} />
          {loaded && messages.length === 0 && <Empty conversation={conversation} />}
          {error !== undefined && <Failed conversation={conversation} />}
          <div role="log" aria-label={t('conversation.messages')} aria-live="polite" aria-busy={!loaded}>
            <ol onKeyDown={onArrowKeys}>
              <Lines
                conversation={conversation}
                messages={messages}
                firstUnread={firstUnread}
                setWriting={setWriting}
              />
            </ol>
          </div>
        </div>
      </div>
      {!atBottom && loaded && (
        <div className="jump">
          {fresh > 0 && <span className="jumpCount">{t('conversation.jumpNew', { count: fresh })}</span>}
          <IconButton
            icon="down"
            variant="default"
            radius="xl"
            size={40}
            label={t('conversation.jump')}
            onClick={toBottom}
          />
        </div>
      )}
    </div>
  )
}

interface LinesProps extends Props {
  readonly messages: readonly ChatMessage[]
  /** Offset of the first message that was unread at opening. */
  readonly firstUnread: number | undefined
}

function Lines({ conversation, messages, firstUnread, setWriting }: LinesProps) {
  const { user } = useChat()
  const t = useT()
  const { day } = useTimes()
  const find = useFinder(messages)
  return messages.map((message, at) => {
    const before = messages[at - 1]
    const { item } = message
    const newDay = before === undefined || daysAgo(before.item.timestamp) !== daysAgo(item.timestamp)
    const newOnes = item.offset !== 0 && item.offset === firstUnread
    return (
      <Fragment key={message.key}>
        {newDay && (
          <li className="daySeparator">
            <span>{day(item.timestamp)}</span>
          </li>
        )}
        {newOnes && (
          <li className="newSeparator">
            <span>{t('conversation.newOnes')}</span>
          </li>
        )}
        {item.type === 'system' ? (
          <SystemLine item={item} />
        ) : (
          <Message
            conversation={conversation}
            message={message}
            me={user}
            follows={!newDay && !newOnes && follows(before, message)}
            last={at === messages.length - 1}
            repliedTo={
              item.replyTo && (find(item.replyTo.id) ?? conversation.quoted(item.replyTo) ?? 'loading')
            }
            setWriting={setWriting}
          />
        )}
      </Fragment>
    )
  })
}

/** Messages of one user within this time form one block. */
const MESSAGE_BLOCK_MS = 5 * 60_000

function follows(before: ChatMessage | undefined, { item }: ChatMessage): boolean {
  if (before === undefined || before.item.type === 'system') return false
  return before.item.from === item.from && item.timestamp - before.item.timestamp < MESSAGE_BLOCK_MS
}

function useFinder(messages: readonly ChatMessage[]): (id: string) => ChatMessage['item'] | undefined {
  const byId = useMemo(() => new Map(messages.map(({ item }) => [item.id, item])), [messages])
  return (id) => byId.get(id)
}

function useOlder(conversation: Conversation): () => void {
  const attempt = useAttempt()
  return useCallback(() => void attempt(() => conversation.loadOlder()), [attempt, conversation])
}

function Beginning({
  conversation,
  load,
}: {
  readonly conversation: Conversation
  readonly load: () => void
}) {
  const t = useT()
  const { loaded, loadingOlder, complete, error, messages } = useTimeline(conversation)
  if ((!loaded && error === undefined) || loadingOlder) {
    return (
      <p className="messagesNote" role="status" aria-label={t('conversation.loading')}>
        <Loader size="sm" />
      </p>
    )
  }
  if (complete)
    return messages.length > 0 ? <p className="messagesNote">{t('conversation.beginning')}</p> : null
  return loaded ? (
    <p className="messagesNote">
      <Button size="compact-sm" variant="subtle" onClick={load}>
        {t('conversation.older')}
      </Button>
    </p>
  ) : null
}

function Failed({ conversation }: { readonly conversation: Conversation }) {
  const t = useT()
  return (
    <p className="messagesNote">
      {t('conversation.failed')}{' '}
      <Button size="compact-sm" variant="light" onClick={() => conversation.open()}>
        {t('message.retry')}
      </Button>
    </p>
  )
}
