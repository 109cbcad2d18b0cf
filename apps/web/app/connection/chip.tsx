/** The connection state with the name of the serving node, announced to screen readers. */
import { useConnection } from '@skein/client/react'
import { useT } from '../i18n/locale.tsx'
import { useNodeName } from './node.ts'
import './banner.css'

export function Chip() {
  const t = useT()
  const { state } = useConnection()
  const node = useNodeName()
  const text =
    state === 'online' && node !== '' ? t('connection.onlineTo', { node }) : t(`connection.${state}`)
  return (
    <p className="chip" data-state={state} role="status">
      <span className="chipDot" aria-hidden="true" />
      {text}
    </p>
  )
}
