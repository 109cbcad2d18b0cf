/** The title and picture of a conversation. */
import { type ConversationState, EVERYONE } from '@skein/client'
import { useChat, useNames } from '@skein/client/react'
import { useT } from '../i18n/locale.tsx'
import type { IconName } from '../ui/icons.tsx'

export interface Title {
  readonly name: string
  /** Absent for a person. */
  readonly icon?: IconName
}

export function useTitle({ id, type, with: other, room }: ConversationState): Title {
  const t = useT()
  const { user } = useChat()
  const nameOf = useNames()
  if (id === EVERYONE) return { name: t('conversation.everyone'), icon: 'megaphone' }
  if (type === 'private') {
    return other === user ? { name: t('conversation.self'), icon: 'note' } : { name: nameOf(other ?? '') }
  }
  return { name: room?.name ?? '…', icon: room?.visibility === 'members' ? 'lock' : 'hash' }
}
