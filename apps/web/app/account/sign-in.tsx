import { Alert, Button, Code, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Key } from '../i18n/en.ts'
import { LOCALES, type Locale, useLocale } from '../i18n/locale.tsx'
import { checkName, NAME_LENGTH } from '../people/names.ts'
import { NameRefused, NoTokens, type Session, signIn } from './session.ts'
import './sign-in.css'

export function SignIn({ onSession }: { readonly onSession: (session: Session) => void }) {
  const { t } = useLocale()
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<Key>()
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const checked = checkName(name)
    if (!checked.ok) return setProblem(checked.problem)
    setProblem(undefined)
    setBusy(true)
    try {
      onSession(await signIn(checked.value))
    } catch (error) {
      setProblem(problemOf(error))
      setBusy(false)
    }
  }
  return (
    <main className="signIn">
      <form className="signInCard" onSubmit={(event) => void submit(event)} noValidate autoComplete="off">
        <img src="/favicon.svg" alt="" width="56" height="56" />
        <h1>{t('app.name')}</h1>
        <p className="signInLead">{t('app.tagline')}</p>
        {problem === 'signIn.noTokens' && <NoTokensHelp />}
        <TextInput
          autoFocus
          size="md"
          label={t('signIn.name')}
          description={t('signIn.hint')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={problem !== undefined && problem !== 'signIn.noTokens' && t(problem, { most: NAME_LENGTH })}
          spellCheck={false}
          enterKeyHint="go"
        />
        <Button type="submit" size="md" fullWidth loading={busy}>
          {t('signIn.enter')}
        </Button>
        <LanguageLinks />
      </form>
    </main>
  )
}

function problemOf(error: unknown): Key {
  if (error instanceof NoTokens) return 'signIn.noTokens'
  return error instanceof NameRefused ? 'signIn.refused' : 'signIn.unreached'
}

function NoTokensHelp() {
  const { t } = useLocale()
  return (
    <Alert color="orange" title={t('signIn.noTokens')} role="alert">
      {t('signIn.noTokensHelp')}
      <Code block>npm ci && npm start</Code>
    </Alert>
  )
}

function LanguageLinks() {
  const { locale, setLocale } = useLocale()
  const locales = Object.entries(LOCALES) as [Locale, string][]
  return (
    <p className="signInLanguages">
      {locales.map(([code, label]) => (
        <button
          key={code}
          type="button"
          lang={code}
          aria-pressed={code === locale}
          onClick={() => setLocale(code)}
        >
          {label}
        </button>
      ))}
    </p>
  )
}
