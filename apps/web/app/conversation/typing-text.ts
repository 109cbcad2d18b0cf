import { useNames } from '@skein/client/react'
import { useT } from '../i18n/locale.tsx'

/** The text of the typing indicator, such as "Bob is typing…"; `undefined` without typing users. */
export function useTypingText(users: readonly string[]): string | undefined {
  const t = useT()
  const nameOf = useNames()
  const [a, b] = users
  if (a === undefined) return undefined
  if (users.length > 2) return t('typing.many')
  return b === undefined ? t('typing.one', { a: nameOf(a) }) : t('typing.two', { a: nameOf(a), b: nameOf(b) })
}
