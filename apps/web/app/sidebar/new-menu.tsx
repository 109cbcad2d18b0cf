/** The menu of new conversations. */
import { Menu } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import type { Key } from '../i18n/en.ts'
import { useT } from '../i18n/locale.tsx'
import { AcceptInvitation } from '../room/accept-invitation.tsx'
import { BrowseRooms } from '../room/browse-rooms.tsx'
import { CreateRoom } from '../room/create-room.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { Icon, type IconName } from '../ui/icons.tsx'
import { StartDirect } from './start-direct.tsx'

interface Way {
  readonly label: Key
  readonly icon: IconName
  readonly form: (close: () => void) => ReactNode
}

const WAYS: readonly Way[] = [
  { label: 'list.direct', icon: 'person', form: (close) => <StartDirect done={close} /> },
  { label: 'list.browse', icon: 'search', form: (close) => <BrowseRooms done={close} /> },
  { label: 'list.newRoom', icon: 'hash', form: (close) => <CreateRoom done={close} /> },
  { label: 'list.invite', icon: 'key', form: (close) => <AcceptInvitation done={close} /> },
]

export function NewMenu() {
  const t = useT()
  const [way, setWay] = useState<Way>()
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <IconButton icon="pencil" label={t('list.new')} />
        </Menu.Target>
        <Menu.Dropdown>
          {WAYS.map((one) => (
            <Menu.Item
              key={one.label}
              leftSection={<Icon name={one.icon} size={16} />}
              onClick={() => {
                setWay(one)
                setOpen(true)
              }}
            >
              {t(one.label)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Dialog title={way === undefined ? '' : t(way.label)} opened={open} onClose={close}>
        {way?.form(close)}
      </Dialog>
    </>
  )
}
