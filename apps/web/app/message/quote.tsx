import type { Item } from '@skein/client'
import { useChat, useNames } from '@skein/client/react'
import { useT } from '../i18n/locale.tsx'

/** The quoted message of a reply; pressing it scrolls to that message. */
export function Quote({ item }: { readonly item: Item | 'gone' | 'loading' }) {
  const t = useT()
  const { user } = useChat()
  const nameOf = useNames()
  if (item === 'gone') return <p className="quote">{t('message.gone')}</p>
  if (item === 'loading') return <p className="quote">{t('conversation.loading')}</p>
  const name = item.from === user ? t('message.you') : nameOf(item.from)
  const show = (): void => {
    const target = document.querySelector<HTMLElement>(`[data-message="${CSS.escape(item.id)}"]`)
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    target?.scrollIntoView({ block: 'center', behavior: still ? 'instant' : 'smooth' })
    target?.focus({ preventScroll: true })
  }
  return (
    <button type="button" className="quote" onClick={show}>
      <strong className="srOnly">{t('message.replyTo', { name })}</strong>
      <strong aria-hidden="true">{name}</strong>
      <span dir="auto">{item.deletedAt === undefined ? item.body : t('message.deleted')}</span>
    </button>
  )
}
