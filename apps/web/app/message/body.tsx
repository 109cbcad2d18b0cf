/**
 * The text of a message. Addresses become links and mentions are marked; the text is never parsed as markup.
 */
import type { Item } from '@skein/client'
import type { ReactNode } from 'react'
import { useT } from '../i18n/locale.tsx'

export function Body({ item, me }: { readonly item: Item; readonly me: string }) {
  const t = useT()
  if (item.deletedAt !== undefined) return <p className="messageText deleted">{t('message.deleted')}</p>
  const only = isEmojiOnly(item.body)
  return (
    <p className="messageText" data-emoji={only} dir="auto">
      {parts(item.body, item.mentions ?? [], me)}
    </p>
  )
}

/**
 * An address with a permitted scheme, without the punctuation that ends a sentence; or `@name` by the
 * server's rule (`text/body.ts` of packages/chat).
 */
const MARKED =
  /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'])|(?<![\p{L}\p{N}_@])(@[\p{L}\p{N}_.-]{0,63}[\p{L}\p{N}_])/gu

function parts(text: string, mentions: readonly string[], me: string): ReactNode[] {
  const found: ReactNode[] = []
  let end = 0
  for (const match of text.matchAll(MARKED)) {
    const [whole, link, mention] = match
    const marked =
      link !== undefined ? linkTo(link, match.index) : mentionOf(mention ?? '', mentions, me, match.index)
    if (marked === undefined) continue
    found.push(text.slice(end, match.index), marked)
    end = match.index + whole.length
  }
  return [...found, text.slice(end)]
}

function linkTo(address: string, key: number): ReactNode {
  return (
    <a key={key} href={address} target="_blank" rel="noopener noreferrer nofollow">
      {address}
    </a>
  )
}

function mentionOf(
  text: string,
  mentions: readonly string[],
  me: string,
  key: number,
): ReactNode | undefined {
  const user = text.slice(1)
  if (!mentions.includes(user)) return undefined
  return (
    <span key={key} className="mention" data-me={user === me}>
      {text}
    </span>
  )
}

/** One to six emoji without other text, shown large. */
export function isEmojiOnly(text: string): boolean {
  return /^(?:\s*(?:\p{RGI_Emoji}|\p{Extended_Pictographic})){1,6}\s*$/v.test(text)
}
