import { usePerson } from '@skein/client/react'
import { useT } from '../i18n/locale.tsx'
import { useTimes } from '../i18n/times.ts'

/** Presence as text, such as "online" or "last seen 5 minutes ago"; empty while unknown. */
export function PresenceText({ user }: { readonly user: string }) {
  const t = useT()
  const { ago } = useTimes()
  const person = usePerson(user)
  if (person === undefined) return null
  if (person.status === 'offline' && person.lastSeen !== undefined) {
    return t('presence.lastSeen', { when: ago(person.lastSeen) })
  }
  return t(`presence.${person.status}`)
}
