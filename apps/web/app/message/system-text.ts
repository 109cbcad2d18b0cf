import type { Item } from '@skein/client'
import { useNames } from '@skein/client/react'
import type { Key } from '../i18n/en.ts'
import { useT } from '../i18n/locale.tsx'

/** The text of a system message in the user's language. */
export function useSystemText(): (item: Item) => string {
  const t = useT()
  const nameOf = useNames()
  return ({ system, body }) => {
    if (system === undefined || system.kind === 'announcement') return body
    const { by = '', user = '', name = '' } = system
    return t(keyOf(system), { by: nameOf(by), user: nameOf(user), name })
  }
}

function keyOf({ kind, role, until }: NonNullable<Item['system']>): Key {
  if (kind === 'role') return `system.role.${role ?? 'member'}`
  if (kind === 'muted') return until === undefined ? 'system.unmuted' : 'system.muted'
  return `system.${kind}`
}
