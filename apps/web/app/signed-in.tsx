/** The chat, with one client for this tab. A chunk of its own, so the sign-in page appears without it. */
import { ChatClient } from '@skein/client'
import { ChatProvider } from '@skein/client/react'
import { useEffect, useState } from 'react'
import { deviceName } from './account/device-name.ts'
import { freshToken } from './account/fresh-token.ts'
import { keptSession, type Session } from './account/session.ts'
import { SignOutContext } from './account/sign-out.ts'
import { createNodeName, type NodeName, NodeNameContext } from './connection/node.ts'
import { Shell } from './shell.tsx'

interface Props {
  readonly session: Session
  readonly signOut: () => void
}

export function SignedIn({ session, signOut }: Props) {
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
