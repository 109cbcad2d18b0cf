import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useT } from '../i18n/locale.tsx'

interface Props {
  readonly title: string
  readonly opened: boolean
  readonly onClose: () => void
  readonly children: ReactNode
}

export function Dialog({ title, opened, onClose, children }: Props) {
  const t = useT()
  return (
    <Modal
      title={title}
      opened={opened}
      onClose={onClose}
      closeButtonProps={{ 'aria-label': t('dialog.close') }}
    >
      {children}
    </Modal>
  )
}
