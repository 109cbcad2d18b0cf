/** React hooks over the client: each re-renders when what it reads has changed, and not else. */
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react'
import type {
  ChatClient,
  ConnectionState,
  Conversation,
  ConversationListState,
  ConversationState,
  Person,
  Readable,
  TimelineState,
} from '../index.ts'

export function useReadable<T>(readable: Readable<T>): T {
  return useSyncExternalStore(readable.subscribe, readable.get, readable.get)
}

const Context = createContext<ChatClient | undefined>(undefined)

/** Gives the client to everything below it: `<ChatProvider value={client}>`. */
export const ChatProvider = Context.Provider

/** The client of the provider above. Throws without one. */
export function useChat(): ChatClient {
  const client = useContext(Context)
  if (client === undefined) throw new Error('useChat needs a ChatProvider above it')
  return client
}

export function useConnection(): ConnectionState {
  return useReadable(useChat().connection)
}

export function useConversations(): ConversationListState {
  return useReadable(useChat().conversations)
}

export function useConversation(conversation: Conversation): ConversationState {
  return useReadable(conversation.state)
}

export function useTimeline(conversation: Conversation): TimelineState {
  return useReadable(conversation.timeline)
}

/** Who is writing, by user id. */
export function useTypists(conversation: Conversation): readonly string[] {
  return useReadable(conversation.typists)
}

/** How many messages wait in the outbox. */
export function useUnsent(): number {
  return useReadable(useChat().unsent)
}

/** Watches the person while it is mounted; `undefined` while unknown. */
export function usePerson(user: string): Person | undefined {
  const { people } = useChat()
  return useReadable(useMemo(() => people.person(user), [people, user]))
}

/** Tells the display name of a user id, and renders again as names become known. */
export function useNames(): (user: string) => string {
  const { profiles } = useChat()
  useReadable(profiles.state)
  return (user) => profiles.name(user)
}
