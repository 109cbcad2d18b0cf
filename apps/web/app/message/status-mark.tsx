import type { Status } from '@skein/client'
import { useT } from '../i18n/locale.tsx'
import { Icon, type IconName } from '../ui/icons.tsx'

const ICONS: Readonly<Record<Status, IconName>> = {
  queued: 'clock',
  sending: 'clock',
  sent: 'check',
  delivered: 'checks',
  read: 'checks',
  failed: 'warning',
}

/** The delivery status of an own message. */
export function StatusMark({ status }: { readonly status: Status }) {
  const t = useT()
  const label = t(`status.${status}`)
  return (
    <span className="statusMark" data-status={status} role="img" aria-label={label} title={label}>
      <Icon name={ICONS[status]} size={15} />
    </span>
  )
}
