/** React hooks over the client. A component re-renders when the value that it reads has changed. */
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

/** Provides the client to its subtree: `<ChatProvider value={client}>`. */
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

/** User ids of the users who are typing. */
export function useTypists(conversation: Conversation): readonly string[] {
  return useReadable(conversation.typists)
}

/** Number of messages in the outbox. */
export function useUnsent(): number {
  return useReadable(useChat().unsent)
}

/** Observes the person while mounted; `undefined` while unknown. */
export function usePerson(user: string): Person | undefined {
  const { people } = useChat()
  return useReadable(useMemo(() => people.person(user), [people, user]))
}

/** Returns a lookup of display names, and re-renders as names are loaded. */
export function useNames(): (user: string) => string {
  const { profiles } = useChat()
  useReadable(profiles.state)
  return (user) => profiles.name(user)
}
