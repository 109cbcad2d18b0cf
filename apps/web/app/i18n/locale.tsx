/** The language of the page: texts, dates and announcements to screen readers. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { browserTexts } from '../ui/browser-storage.ts'
import { en, type Key } from './en.ts'
import { zh } from './zh.ts'

export const LOCALES = { en: 'English', zh: '中文' } as const
export type Locale = keyof typeof LOCALES

const TEXTS: Readonly<Record<Locale, Readonly<Record<Key, string>>>> = { en, zh }
/** Values of the page's `lang`. */
const TAGS: Readonly<Record<Locale, string>> = { en: 'en', zh: 'zh-Hans' }
const KEPT = 'skein.locale'

export type Params = Readonly<Record<string, string | number>>
export type Translate = (key: Key, params?: Params) => string

interface LocaleContext {
  readonly locale: Locale
  /** For `Intl`. */
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
      tag: tagOf(locale),
      t: translator(locale),
      setLocale: (next) => {
        browserTexts.set(KEPT, next)
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

/** Keys with another text for a count of one. */
type Counted = { [K in Key]: `${K}.one` extends Key ? K : never }[Key]

function hasOne(key: Key): key is Counted {
  return `${key}.one` in en
}

/** Formats differ by region: the user's own locale, if it has this language. */
function tagOf(locale: Locale): string {
  return navigator.languages.find((language) => language.split('-')[0] === locale) ?? TAGS[locale]
}

function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => isolated(String(params[name] ?? whole)))
}

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u

/** Isolates a right-to-left name from the text around it (UAX 9, FIRST STRONG ISOLATE). */
const isolated = (text: string): string => (RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text)

function firstLocale(): Locale {
  const kept = browserTexts.get(KEPT)
  if (kept !== null && isLocale(kept)) return kept
  return navigator.languages.some((language) => language.startsWith('zh')) ? 'zh' : 'en'
}

const isLocale = (text: string): text is Locale => text in LOCALES
