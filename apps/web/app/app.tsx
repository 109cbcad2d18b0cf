/** Signed in or not; and while signed in, one client for this tab. */
import { ChatClient } from '@skein/client'
import { ChatProvider } from '@skein/client/react'
import { useCallback, useEffect, useState } from 'react'
import { deviceName } from './account/device-name.ts'
import { freshToken, keepSession, keptSession, type Session } from './account/session.ts'
import { SignIn } from './account/sign-in.tsx'
import { SignOutContext } from './account/sign-out.ts'
import { NamedSocket } from './connection/node.ts'
import { Shell } from './shell.tsx'

export function App() {
  const [session, setSession] = useState(keptSession)
  const change = useCallback((next: Session | undefined) => {
    keepSession(next)
    setSession(next)
  }, [])
  if (session === undefined) return <SignIn onSession={change} />
  return <SignedIn key={session.user} session={session} signOut={() => change(undefined)} />
}

interface Props {
  readonly session: Session
  readonly signOut: () => void
}

function SignedIn({ session, signOut }: Props) {
  const [client] = useState(() => createClient(session))
  useEffect(() => {
    client.connect()
    return () => client.disconnect()
  }, [client])
  return (
    <SignOutContext.Provider value={signOut}>
      <ChatProvider value={client}>
        <Shell />
      </ChatProvider>
    </SignOutContext.Provider>
  )
}

/** Longer than this between two attempts looks like nothing is tried any more. ms */
const LONGEST_WAIT = 8000

function createClient(session: Session): ChatClient {
  const client = new ChatClient({
    url: `${location.origin.replace(/^http/, 'ws')}/connection/websocket`,
    user: session.user,
    getToken: () => freshToken(keptSession() ?? session),
    deviceName: deviceName(navigator.userAgent),
    sdk: { maxReconnectDelay: LONGEST_WAIT, websocket: NamedSocket },
  })
  client.on('problem', (problem) => console.warn(problem))
  return client
}
