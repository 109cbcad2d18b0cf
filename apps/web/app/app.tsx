/** The sign-in page, or the chat with one client for this tab. */
import { ChatClient } from '@skein/client'
import { ChatProvider } from '@skein/client/react'
import { useCallback, useEffect, useState } from 'react'
import { deviceName } from './account/device-name.ts'
import { freshToken, keepSession, keptSession, type Session } from './account/session.ts'
import { SignIn } from './account/sign-in.tsx'
import { SignOutContext } from './account/sign-out.ts'
import { createNodeName, type NodeName, NodeNameContext } from './connection/node.ts'
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
  const [node] = useState(createNodeName)
  const [client] = useState(() => createClient(session, node))
  useEffect(() => {
    client.connect()
    return () => client.disconnect()
  }, [client])
  return (
    <SignOutContext.Provider value={signOut}>
      <NodeNameContext.Provider value={node}>
        <ChatProvider value={client}>
          <Shell />
        </ChatProvider>
      </NodeNameContext.Provider>
    </SignOutContext.Provider>
  )
}

/** A longer pause between two attempts looks to people as if the page had given up. */
const MAX_RECONNECT_DELAY_MS = 8000

function createClient(session: Session, node: NodeName): ChatClient {
  const client = new ChatClient({
    url: `${location.origin.replace(/^http/, 'ws')}/connection/websocket`,
    user: session.user,
    getToken: () => freshToken(keptSession() ?? session),
    deviceName: deviceName(navigator.userAgent),
    sdk: { maxReconnectDelay: MAX_RECONNECT_DELAY_MS, websocket: node.socket },
  })
  client.on('problem', (problem) => console.warn(problem))
  return client
}
