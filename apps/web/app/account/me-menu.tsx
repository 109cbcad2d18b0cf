/** The account menu: name, devices, appearance, language and signing out. */
import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { useChat, useConnection, useNames } from '@skein/client/react'
import { useState } from 'react'
import type { Key } from '../i18n/en.ts'
import { LOCALES, type Locale, useLocale } from '../i18n/locale.tsx'
import { PersonFace } from '../people/avatar.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icons.tsx'
import { DevicesList } from './devices.tsx'
import { Rename } from './rename.tsx'
import { useSignOut } from './sign-out.ts'

type Page = 'me.rename' | 'me.devices'

export function MeMenu() {
  const { t } = useLocale()
  const { user } = useChat()
  const name = useNames()(user)
  const signOut = useSignOut()
  const [page, setPage] = useState<Page>('me.devices')
  const [open, setOpen] = useState(false)
  const show = (next: Page) => {
    setPage(next)
    setOpen(true)
  }
  const close = () => setOpen(false)
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <UnstyledButton className="meButton" aria-label={t('me.menu')}>
            <PersonFace user={user} name={name} size="small" />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{name}</Menu.Label>
          <Menu.Item leftSection={<Icon name="edit" size={16} />} onClick={() => show('me.rename')}>
            {t('me.rename')}
          </Menu.Item>
          <Menu.Item leftSection={<Icon name="devices" size={16} />} onClick={() => show('me.devices')}>
            {t('me.devices')}
          </Menu.Item>
          <Menu.Item
            component="a"
            href={location.pathname}
            target="_blank"
            rel="noopener"
            leftSection={<Icon name="window" size={16} />}
          >
            {t('me.secondWindow')}
          </Menu.Item>
          <OfflineItem />
          <Menu.Divider />
          <AppearanceItems />
          <Menu.Divider />
          <LanguageItems />
          <Menu.Divider />
          <Menu.Item leftSection={<Icon name="leave" size={16} />} onClick={signOut}>
            {t('me.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Dialog title={t(page)} opened={open} onClose={close}>
        {page === 'me.rename' ? <Rename done={close} /> : <DevicesList />}
      </Dialog>
    </>
  )
}

function OfflineItem() {
  const { t } = useLocale()
  const chat = useChat()
  const off = useConnection().state === 'off'
  return (
    <Menu.Item
      leftSection={<Icon name="plug" size={16} />}
      onClick={() => (off ? chat.connect() : chat.disconnect())}
    >
      {t(off ? 'connection.comeBack' : 'connection.goOffline')}
    </Menu.Item>
  )
}

const SCHEMES: readonly (readonly ['auto' | 'light' | 'dark', Key])[] = [
  ['auto', 'me.auto'],
  ['light', 'me.light'],
  ['dark', 'me.dark'],
]

function AppearanceItems() {
  const { t } = useLocale()
  // Disabling transitions during the change would inject a style element.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  const choose = (value: string) => {
    const [scheme] = SCHEMES.find(([known]) => known === value) ?? []
    if (scheme !== undefined) setColorScheme(scheme)
  }
  return (
    <Menu.RadioGroup value={colorScheme} onChange={choose}>
      <Menu.Label>{t('me.appearance')}</Menu.Label>
      {SCHEMES.map(([scheme, label]) => (
        <Menu.RadioItem key={scheme} value={scheme}>
          {t(label)}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  )
}

function LanguageItems() {
  const { t, locale, setLocale } = useLocale()
  const locales = Object.entries(LOCALES) as [Locale, string][]
  return (
    <Menu.RadioGroup value={locale} onChange={(value) => setLocale(value as Locale)}>
      <Menu.Label>{t('me.language')}</Menu.Label>
      {locales.map(([code, label]) => (
        <Menu.RadioItem key={code} value={code} lang={code}>
          {label}
        </Menu.RadioItem>
      ))}
    </Menu.RadioGroup>
  )
}
