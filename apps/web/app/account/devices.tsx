/** The devices on which this user is signed in. */
import { Badge, Button } from '@mantine/core'
import type { Device } from '@skein/client'
import { useChat } from '@skein/client/react'
import { useCallback, useEffect, useState } from 'react'
import { useT } from '../i18n/locale.tsx'
import { useTimes } from '../i18n/times.ts'
import { Icon } from '../ui/icons.tsx'
import { useAttempt } from '../ui/use-attempt.ts'

export function DevicesList() {
  const t = useT()
  const chat = useChat()
  const attempt = useAttempt()
  const [devices, setDevices] = useState<readonly Device[]>([])
  const load = useCallback(async () => setDevices(await chat.devices.list()), [chat])
  useEffect(() => void attempt(load), [attempt, load])
  const signOut = (device?: string) =>
    void attempt(async () => {
      await chat.devices.signOut(device)
      await load()
    })
  const others = devices.filter(({ current }) => !current)
  return (
    <div className="form">
      <ul className="plainList">
        {devices.map((device) => (
          <DeviceLine key={device.device} device={device} signOut={() => signOut(device.device)} />
        ))}
      </ul>
      {others.length > 1 && (
        <Button variant="light" color="red" onClick={() => signOut()}>
          {t('devices.signOutOthers')}
        </Button>
      )}
    </div>
  )
}

function DeviceLine({ device, signOut }: { readonly device: Device; readonly signOut: () => void }) {
  const t = useT()
  const { ago } = useTimes()
  const { name, connected, lastSeen, current } = device
  const when = connected ? t('devices.connected') : t('presence.lastSeen', { when: ago(lastSeen) })
  return (
    <li className="plainLine">
      <Icon name="devices" />
      <span className="plainText">
        <strong>{name === '' ? t('devices.unnamed') : name}</strong>
        <small>{when}</small>
      </span>
      {current ? (
        <Badge variant="light">{t('devices.this')}</Badge>
      ) : (
        <Button size="compact-sm" variant="light" onClick={signOut}>
          {t('devices.signOut')}
        </Button>
      )}
    </li>
  )
}
