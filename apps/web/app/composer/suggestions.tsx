/** Suggestions of people to mention while `@` and the beginning of a name are before the caret. */
import type { Conversation } from '@skein/client'
import { useChat, useConversation, useNames } from '@skein/client/react'
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useState } from 'react'
import { useT } from '../i18n/locale.tsx'
import { Face } from '../people/avatar.tsx'

const MAX_SUGGESTIONS = 6
/** In larger rooms a member may be beyond the first page. */
const MEMBERS_PAGE_SIZE = 100

interface Found {
  readonly users: readonly string[]
  readonly chosen: number
  readonly choose: (user: string) => void
}

export interface Suggesting extends Found {
  /** Returns true when the suggestions handled the key. */
  readonly onKey: (event: KeyboardEvent) => boolean
  /** The caret's position. */
  readonly onCaret: (at: number) => void
}

export function useSuggestions(
  conversation: Conversation,
  text: string,
  field: RefObject<HTMLTextAreaElement | null>,
  change: (text: string) => void,
): Suggesting {
  const [caret, setCaret] = useState(0)
  const begun = /(?<![\p{L}\p{N}_@])@([\p{L}\p{N}_.-]*)$/u.exec(text.slice(0, caret))?.[1]
  const members = useMembers(conversation, begun !== undefined)
  const nameOf = useNames()
  const [closed, setClosed] = useState<string>()
  const [at, setAt] = useState(0)
  const users = useMemo(() => {
    if (begun === undefined || begun === closed) return []
    const wanted = begun.toLowerCase()
    return members
      .filter((user) => user.startsWith(wanted) || nameOf(user).toLowerCase().startsWith(wanted))
      .slice(0, MAX_SUGGESTIONS)
  }, [begun, closed, members, nameOf])
  const chosen = Math.min(at, Math.max(0, users.length - 1))
  const choose = (user: string): void => {
    const from = caret - (begun?.length ?? 0)
    const after = from + user.length + 1
    change(`${text.slice(0, from)}${user} ${text.slice(caret)}`)
    setCaret(after)
    field.current?.focus()
    // After the field has the new text.
    requestAnimationFrame(() => field.current?.setSelectionRange(after, after))
  }
  const onKey = (event: KeyboardEvent): boolean => {
    const user = users[chosen]
    if (user === undefined) return false
    if (event.key === 'ArrowDown') setAt((chosen + 1) % users.length)
    else if (event.key === 'ArrowUp') setAt((chosen + users.length - 1) % users.length)
    else if (event.key === 'Enter' || event.key === 'Tab') choose(user)
    else if (event.key === 'Escape') setClosed(begun)
    else return false
    event.preventDefault()
    return true
  }
  return { users, chosen, choose, onKey, onCaret: setCaret }
}

function useMembers(conversation: Conversation, wanted: boolean): readonly string[] {
  const chat = useChat()
  const { room, with: other } = useConversation(conversation)
  const [members, setMembers] = useState<readonly string[]>([])
  const id = room?.id
  useEffect(() => {
    if (!wanted || id === undefined) return
    let current = true
    chat.rooms.members(id, { limit: MEMBERS_PAGE_SIZE }).then(
      (page) => {
        if (current) setMembers(page.members.map(({ user }) => user).filter((user) => user !== chat.user))
      },
      () => setMembers([]), // Without members there are no suggestions; names can still be typed.
    )
    return () => {
      current = false
    }
  }, [chat, id, wanted])
  return id === undefined && other !== undefined ? [other] : members
}

export function Suggestions({ users, chosen, choose }: Found) {
  const t = useT()
  const nameOf = useNames()
  if (users.length === 0) return null
  return (
    <ul className="suggestions" aria-label={t('composer.suggestions')}>
      {users.map((user, at) => (
        <li key={user}>
          <button
            type="button"
            data-chosen={at === chosen}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(user)}
          >
            <Face id={user} name={nameOf(user)} size="small" />
            <strong>{nameOf(user)}</strong>
            <small>@{user}</small>
          </button>
        </li>
      ))}
      <li className="srOnly" role="status">
        {nameOf(users[chosen] ?? '')}
      </li>
    </ul>
  )
}
