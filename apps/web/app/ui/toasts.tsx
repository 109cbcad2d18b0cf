/**
 * Short messages at the edge of the page, which disappear after a time and are announced to screen readers.
 */
import { Button, CloseButton } from '@mantine/core'
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react'
import { useT } from '../i18n/locale.tsx'
import './toasts.css'

interface Toast {
  readonly id: number
  readonly text: string
  readonly action?: { readonly label: string; readonly run: () => void }
}

export type Say = (text: string, action?: Toast['action']) => void

const Context = createContext<Say | undefined>(undefined)

const SHOWN_MS = 6000
/** A toast with a button. */
const SHOWN_WITH_ACTION_MS = 30_000
const MAX_TOASTS = 4

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const last = useRef(0)
  const remove = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), [])
  const say = useCallback<Say>(
    (text, action) => {
      last.current += 1
      const id = last.current
      const toast = { id, text, ...(action && { action }) }
      setToasts((all) => [...all.filter((other) => other.text !== text), toast].slice(-MAX_TOASTS))
      setTimeout(() => remove(id), action === undefined ? SHOWN_MS : SHOWN_WITH_ACTION_MS)
    },
    [remove],
  )
  return (
    <Context.Provider value={say}>
      {children}
      <div className="toasts" role="status">
        {toasts.map((toast) => (
          <ToastView key={toast.id} toast={toast} close={() => remove(toast.id)} />
        ))}
      </div>
    </Context.Provider>
  )
}

export function useSay(): Say {
  const say = useContext(Context)
  if (say === undefined) throw new Error('useSay needs a ToastProvider above it')
  return say
}

function ToastView({ toast, close }: { readonly toast: Toast; readonly close: () => void }) {
  const t = useT()
  const run = useMemo(
    () => () => {
      toast.action?.run()
      close()
    },
    [toast, close],
  )
  return (
    <div className="toast">
      <span>{toast.text}</span>
      {toast.action && (
        <Button size="compact-sm" variant="light" onClick={run}>
          {toast.action.label}
        </Button>
      )}
      <CloseButton size="sm" aria-label={t('toast.dismiss')} onClick={close} />
    </div>
  )
}
