/** The sign-in page, or the chat. */
import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import { keepSession, keptSession, type Session } from './account/session.ts'
import { SignIn } from './account/sign-in.tsx'

const loadChat = () => import('./signed-in.tsx')
const SignedIn = lazy(async () => ({ default: (await loadChat()).SignedIn }))

export function App() {
  const [session, setSession] = useState(keptSession)
  const change = useCallback((next: Session | undefined) => {
    keepSession(next)
    setSession(next)
  }, [])
  // The chat loads while the user types a name. After a failure the sign-in loads it again.
  useEffect(() => void loadChat().catch(() => undefined), [])
  if (session === undefined) return <SignIn onSession={change} />
  return (
    <Suspense>
      <SignedIn key={session.user} session={session} signOut={() => change(undefined)} />
    </Suspense>
  )
}
