import { usePerson } from '@skein/client/react'
import { useT } from '../i18n/locale.tsx'
import { Icon, type IconName } from '../ui/icons.tsx'
import './avatar.css'

interface FaceProps {
  /** The text that determines the colour. */
  readonly id: string
  readonly name: string
  readonly icon?: IconName | undefined
  readonly size?: 'small' | 'normal' | 'large'
}

/** A coloured circle with initials or an icon. Decorative, since the name is beside it. */
export function Face({ id, name, icon, size = 'normal' }: FaceProps) {
  return (
    <span
      className="face"
      data-size={size}
      data-icon={icon !== undefined}
      data-hue={hueOf(id)}
      data-initials={initials(name)}
      aria-hidden="true"
    >
      {icon !== undefined && <Icon name={icon} size={size === 'small' ? 15 : 20} />}
    </span>
  )
}

/** An avatar with a presence dot. */
export function PersonFace({
  user,
  name,
  size = 'normal',
}: Omit<FaceProps, 'id' | 'icon'> & { readonly user: string }) {
  return (
    <span className="personFace">
      <Face id={user} name={name} size={size} />
      <PresenceDot user={user} />
    </span>
  )
}

export function PresenceDot({ user }: { readonly user: string }) {
  const t = useT()
  const status = usePerson(user)?.status
  if (status === undefined) return null
  return <span className="presence" data-status={status} role="img" aria-label={t(`presence.${status}`)} />
}

const HUE_COUNT = 10

/** A stable colour, the same on every page. */
function hueOf(id: string): number {
  let hash = 0
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  return hash % HUE_COUNT
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  const first = letters.map((word) => [...(word ?? '')][0] ?? '').join('')
  return first.toLocaleUpperCase()
}
