/** Reports whether the user is away from this page. */
import type { ChatClient } from '@skein/client'
import { useEffect } from 'react'

const IDLE_MS = 5 * 60_000
const HIDDEN_MS = 60_000
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart'] as const

export function useAway(client: ChatClient): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const present = (): void => {
      clearTimeout(timer)
      const hidden = document.visibilityState === 'hidden'
      if (!hidden) client.devices.setAway(false)
      timer = setTimeout(() => client.devices.setAway(true), hidden ? HIDDEN_MS : IDLE_MS)
    }
    for (const sign of SIGNS) addEventListener(sign, present, { passive: true })
    document.addEventListener('visibilitychange', present)
    present()
    return () => {
      clearTimeout(timer)
      for (const sign of SIGNS) removeEventListener(sign, present)
      document.removeEventListener('visibilitychange', present)
    }
  }, [client])
}
