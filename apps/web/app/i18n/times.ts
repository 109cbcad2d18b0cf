/** Times in the user's language. */
import { useMemo } from 'react'
import { type Translate, useLocale } from './locale.tsx'

export interface Times {
  /** 14:05 */
  time(at: number): string
  /** Today, Yesterday, Monday, 3 March */
  day(at: number): string
  /** The time today, else a short date, for lists. */
  short(at: number): string
  /** 5 minutes ago */
  ago(at: number): string
  full(at: number): string
}

const DAY_MS = 86_400_000

export function useTimes(): Times {
  const { tag, t } = useLocale()
  return useMemo(() => timesIn(tag, t), [tag, t])
}

export function timesIn(tag: string, t: Translate): Times {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(tag, options)
    return (at: number) => formatter.format(at)
  }
  const time = format({ hour: 'numeric', minute: '2-digit' })
  const weekday = format({ weekday: 'long' })
  const date = format({ day: 'numeric', month: 'long' })
  const dated = format({ day: 'numeric', month: 'long', year: 'numeric' })
  const shortWeekday = format({ weekday: 'short' })
  const shortDate = format({ day: 'numeric', month: 'numeric' })
  const full = format({ dateStyle: 'full', timeStyle: 'short' })
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })
  return {
    time,
    full,
    day: (at) => {
      const days = daysAgo(at)
      if (days === 0) return t('conversation.today')
      if (days === 1) return t('conversation.yesterday')
      if (days > 0 && days < 7) return weekday(at)
      return new Date(at).getFullYear() === new Date().getFullYear() ? date(at) : dated(at)
    },
    short: (at) => {
      const days = daysAgo(at)
      return days === 0 ? time(at) : days > 0 && days < 7 ? shortWeekday(at) : shortDate(at)
    },
    ago: (at) => {
      const seconds = Math.round((at - Date.now()) / 1000)
      const [unit, size] = unitOf(Math.abs(seconds))
      return relative.format(Math.round(seconds / size), unit)
    },
  }
}

/** Number of calendar days between two times. */
export function daysAgo(at: number, now = Date.now()): number {
  return Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS)
}

const startOfDay = (at: number): number => new Date(at).setHours(0, 0, 0, 0)

function unitOf(seconds: number): [Intl.RelativeTimeFormatUnit, number] {
  if (seconds < 60) return ['second', 1]
  if (seconds < 3600) return ['minute', 60]
  if (seconds < 86_400) return ['hour', 3600]
  return ['day', 86_400]
}
