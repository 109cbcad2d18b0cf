/** A banner with the state of the connection, hidden while online. */
import { Button, Loader } from '@mantine/core'
import { useChat, useConnection, useUnsent } from '@skein/client/react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useSignOut } from '../account/sign-out.ts'
import { useT } from '../i18n/locale.tsx'
import './banner.css'

/** Shorter interruptions show no banner. */
const BANNER_DELAY_MS = 700

export function Banner() {
  const t = useT()
  const connection = useConnection()
  const { state } = connection
  const calm = useCalm(state)
  const unsent = useUnsent()
  const network = useNetwork()
  if (calm) return null
  const waiting = unsent > 0 ? t('connection.waiting', { count: unsent }) : ''
  const busy = state === 'connecting' || state === 'reconnecting' || state === 'catching-up'
  return (
    <div className="banner" data-state={state}>
      {busy && network && <Loader size={16} color="currentColor" />}
      <p>
        <strong>{network ? t(`connection.${state}`) : t('connection.noNetwork')}</strong>{' '}
        {state === 'off' && unsent === 0 && t('connection.off.detail')}
        {state === 'ended' && t('connection.ended.detail', { reason: connection.reason })} {waiting}
      </p>
      <Actions network={network} />
    </div>
  )
}

function Actions({ network }: { readonly network: boolean }) {
  const t = useT()
  const chat = useChat()
  const { state } = useConnection()
  const signOut = useSignOut()
  const props = { size: 'compact-sm', variant: 'white' } as const
  if (state === 'off') {
    return (
      <Button {...props} onClick={() => chat.connect()}>
        {t('connection.comeBack')}
      </Button>
    )
  }
  if (state === 'ended') {
    return (
      <Button {...props} onClick={signOut}>
        {t('connection.signInAgain')}
      </Button>
    )
  }
  if (state !== 'reconnecting' || !network) return null
  // The SDK retries at once on an `online` event; dispatching one is its public way.
  return (
    <Button {...props} onClick={() => dispatchEvent(new Event('online'))}>
      {t('connection.tryNow')}
    </Button>
  )
}

/** Delays bad states and shows recovery at once. */
function useCalm(state: string): boolean {
  const [shown, setShown] = useState('online')
  useEffect(() => {
    const timer = setTimeout(
      () => setShown(state),
      state === 'online' || state === 'off' ? 0 : BANNER_DELAY_MS,
    )
    return () => clearTimeout(timer)
  }, [state])
  return state === 'online' || shown === 'online'
}

export function useNetwork(): boolean {
  return useSyncExternalStore(
    (changed) => {
      addEventListener('online', changed)
      addEventListener('offline', changed)
      return () => {
        removeEventListener('online', changed)
        removeEventListener('offline', changed)
      }
    },
    () => navigator.onLine,
  )
}
