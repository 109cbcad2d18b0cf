/** Marks messages as read while the page is visible and the end of the conversation is in view. */
import type { Conversation } from '@skein/client'
import { useConversation, useTimeline } from '@skein/client/react'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import type { Scrolling } from './use-scroll.ts'

export interface Reading {
  /** Offset of the first message that was unread at opening; undefined when it may be on an earlier page. */
  readonly firstUnread: number | undefined
  /** Number of new messages below the visible part. */
  readonly fresh: number
}

export function useReading(conversation: Conversation, { atBottom, isAtBottom }: Scrolling): Reading {
  const { messages, loaded, complete } = useTimeline(conversation)
  const { unread, read } = useConversation(conversation)
  const visible = useVisible()
  const opened = useRef<{ readonly firstUnread: number | undefined }>(undefined)
  if (opened.current === undefined && loaded && conversation.known) {
    const first = messages.find(({ own, item }) => !own && item.type !== 'system' && item.offset > read)
    const known = complete || first !== messages[0]
    opened.current = { firstUnread: unread === 0 || !known ? undefined : first?.item.offset }
  }
  const newest = messages.at(-1)?.item.offset
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message or count triggers the report
  useEffect(() => {
    if (visible && isAtBottom() && loaded) conversation.markRead()
  }, [conversation, visible, atBottom, isAtBottom, loaded, newest, unread])
  return { firstUnread: opened.current?.firstUnread, fresh: unread }
}

function useVisible(): boolean {
  return useSyncExternalStore(
    (changed) => {
      document.addEventListener('visibilitychange', changed)
      return () => document.removeEventListener('visibilitychange', changed)
    },
    () => document.visibilityState === 'visible',
  )
}
