/**
 * Keeps the newest message in view at the bottom, and the scroll position when older messages are added
 * above.
 */

import type { ChatMessage } from '@skein/client'
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'

/** Distance from the end that counts as the end. */
const NEAR_END_PX = 60
/** Distance from the beginning at which the previous page is loaded. */
const NEAR_BEGINNING_PX = 300

export interface Scrolling {
  readonly atBottom: boolean
  /** The current value, for callbacks. */
  readonly isAtBottom: () => boolean
  readonly onScroll: () => void
  readonly toBottom: () => void
  /** Scrolls to the first unread message. No effect when it is visible at the end. */
  readonly toElement: (element: Element) => void
}

export function useScroll(
  scroller: RefObject<HTMLDivElement | null>,
  messages: readonly ChatMessage[],
  older: () => void,
): Scrolling {
  const [atBottom, setAtBottom] = useState(true)
  const stick = useRef(true)
  const height = useRef(0)
  const first = useRef<string>(undefined)

  const toBottom = useCallback(() => {
    const element = scroller.current
    if (element === null) return
    stick.current = true
    element.scrollTop = element.scrollHeight
  }, [scroller])

  const isAtBottom = useCallback(() => stick.current, [])
  const toElement = useCallback(
    (element: Element) => {
      element.scrollIntoView({ block: 'start' })
      if (scroller.current !== null) stick.current = toEnd(scroller.current) < NEAR_END_PX
      setAtBottom(stick.current)
    },
    [scroller],
  )

  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    const own = messages.at(-1)
    const prepended = first.current !== undefined && first.current !== messages[0]?.key
    if (stick.current || own?.status === 'sending' || own?.status === 'queued') toBottom()
    else if (prepended) element.scrollTop += element.scrollHeight - height.current
    height.current = element.scrollHeight
    first.current = messages[0]?.key
  }, [messages, scroller, toBottom])

  // A growing composer, a phone's keyboard or a loaded font must not move the end out of view.
  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    const observer = new ResizeObserver(() => {
      if (stick.current) toBottom()
      height.current = element.scrollHeight
    })
    observer.observe(element)
    for (const child of element.children) observer.observe(child)
    return () => observer.disconnect()
  }, [scroller, toBottom])

  const onScroll = useCallback(() => {
    const element = scroller.current
    if (element === null) return
    stick.current = toEnd(element) < NEAR_END_PX
    setAtBottom(stick.current)
    if (element.scrollTop < NEAR_BEGINNING_PX && !stick.current) older()
  }, [scroller, older])

  return { atBottom, isAtBottom, onScroll, toBottom, toElement }
}

/** The distance from the end, in px. */
const toEnd = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement): number =>
  scrollHeight - scrollTop - clientHeight
