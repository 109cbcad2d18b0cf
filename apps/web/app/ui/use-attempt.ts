/** Runs an operation and shows its error in the user's language. */
import { ChatError } from '@skein/client'
import { useCallback } from 'react'
import { en, type Key } from '../i18n/en.ts'
import { type Translate, useT } from '../i18n/locale.tsx'
import { useSay } from './toasts.tsx'

export function problemText(t: Translate, error: unknown): string {
  const { reason, message } =
    error instanceof ChatError ? error : { reason: 'server', message: String(error) }
  const key = `error.${reason}`
  return isKey(key) ? t(key, { message }) : t('error.server', { message })
}

/** Resolves to true on success. */
export type Attempt = (task: () => unknown) => Promise<boolean>

export function useAttempt(): Attempt {
  const t = useT()
  const say = useSay()
  return useCallback(
    async (task) => {
      try {
        await task()
        return true
      } catch (error) {
        say(problemText(t, error))
        return false
      }
    },
    [t, say],
  )
}

const isKey = (text: string): text is Key => text in en
