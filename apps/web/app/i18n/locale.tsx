/** The language of the page: texts, dates, and what screen readers are told. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { en, type Key } from './en.ts'
import { zh } from './zh.ts'

export const LOCALES = { en: 'English', zh: '中文' } as const
export type Locale = keyof typeof LOCALES

const TEXTS: Readonly<Record<Locale, Readonly<Record<Key, string>>>> = { en, zh }
/** For `Intl` and the page's `lang`. */
const TAGS: Readonly<Record<Locale, string>> = { en: 'en', zh: 'zh-Hans' }
const KEPT = 'skein.locale'

export type Params = Readonly<Record<string, string | number>>
export type Translate = (key: Key, params?: Params) => string

interface LocaleContext {
  readonly locale: Locale
  readonly tag: string
  readonly t: Translate
  readonly setLocale: (locale: Locale) => void
}

const Context = createContext<LocaleContext | undefined>(undefined)

export function LocaleProvider({ children }: { readonly children: ReactNode }) {
  const [locale, setLocale] = useState(firstLocale)
  useEffect(() => {
    document.documentElement.lang = TAGS[locale]
  }, [locale])
  const value = useMemo<LocaleContext>(
    () => ({
      locale,
      tag: TAGS[locale],
      t: translator(locale),
      setLocale: (next) => {
        localStorage.setItem(KEPT, next)
        setLocale(next)
      },
    }),
    [locale],
  )
  return <Context.Provider value={value}>{children}</Context.Provider>
}

export function useLocale(): LocaleContext {
  const context = useContext(Context)
  if (context === undefined) throw new Error('useLocale needs a LocaleProvider above it')
  return context
}

export const useT = (): Translate => useLocale().t

export function translator(locale: Locale): Translate {
  const texts = TEXTS[locale]
  return (key, params = {}) =>
    fill(texts[params['count'] === 1 && hasOne(key) ? (`${key}.one` as const) : key], params)
}

/** Keys that have another text for exactly one. */
type Counted = { [K in Key]: `${K}.one` extends Key ? K : never }[Key]

function hasOne(key: Key): key is Counted {
  return `${key}.one` in en
}

function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}

function firstLocale(): Locale {
  const kept = localStorage.getItem(KEPT)
  if (kept !== null && isLocale(kept)) return kept
  return navigator.languages.some((language) => language.startsWith('zh')) ? 'zh' : 'en'
}

const isLocale = (text: string): text is Locale => text in LOCALES
