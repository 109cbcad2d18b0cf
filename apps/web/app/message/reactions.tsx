import type { Conversation, Item } from '@skein/client'
import { useNames } from '@skein/client/react'
import { useLocale } from '../i18n/locale.tsx'
import { useAttempt } from '../ui/use-attempt.ts'

interface Props {
  readonly conversation: Conversation
  readonly item: Item
  readonly me: string
}

/** Each emoji with its count; pressing it adds or removes the user's reaction. */
export function Reactions({ conversation, item, me }: Props) {
  const { t, tag } = useLocale()
  const nameOf = useNames()
  const attempt = useAttempt()
  const reactions = Object.entries(item.reactions ?? {}).filter(([, users]) => users.length > 0)
  if (reactions.length === 0) return null
  const list = new Intl.ListFormat(tag)
  return (
    <ul className="reactions">
      {reactions.map(([emoji, users]) => {
        const own = users.includes(me)
        const names = list.format(users.map((user) => (user === me ? t('message.you') : nameOf(user))))
        const label = t('message.reaction', { emoji, names })
        return (
          <li key={emoji}>
            <button
              type="button"
              className="reaction"
              aria-pressed={own}
              aria-label={label}
              title={label}
              onClick={() => void attempt(() => conversation.react(item, emoji, !own))}
            >
              <span>{emoji}</span> {users.length > 1 && users.length}
            </button>
          </li>
        )
      })}
    </ul>
  )
}
