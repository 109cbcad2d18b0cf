/** The list and the conversation: side by side, or one at a time on a phone. */
import { useChat, useConnection, useConversations, useNames } from '@skein/client/react'
import { useEffect } from 'react'
import { Banner } from './connection/banner.tsx'
import { Chip } from './connection/chip.tsx'
import { Pane } from './conversation/pane.tsx'
import { useT } from './i18n/locale.tsx'
import { useAway } from './people/away.ts'
import { joinLobby } from './room/lobby.ts'
import { go, useRoute } from './route.ts'
import { Sidebar } from './sidebar/sidebar.tsx'
import { tabTexts } from './ui/browser-storage.ts'
import { useSay } from './ui/toasts.tsx'
import { useAttempt } from './ui/use-attempt.ts'
import './shell.css'

export function Shell() {
  const route = useRoute()
  useAway(useChat())
  useTitleCount()
  useInvitations()
  useRemovals()
  useFirstVisit()
  const id = route.page === 'conversation' ? route.id : undefined
  return (
    <main className="shell" data-open={id !== undefined}>
      <div className="shellSide">
        <Sidebar current={id} />
        {id === undefined && <Banner />}
        <footer className="shellFoot">
          <Chip />
        </footer>
      </div>
      <div className="shellMain">{id === undefined ? <Nothing /> : <Pane id={id} />}</div>
    </main>
  )
}

function Nothing() {
  const t = useT()
  return (
    <div className="nothing">
      <img src="/favicon.svg" alt="" width="64" height="64" />
      <h2>{t('conversation.pick')}</h2>
      <p>{t('conversation.pickHint')}</p>
    </div>
  )
}

function useTitleCount(): void {
  const t = useT()
  const { unread } = useConversations()
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) ${t('app.name')}` : t('app.name')
  }, [unread, t])
}

/** Handles invitations by event and by link. */
function useInvitations(): void {
  const t = useT()
  const chat = useChat()
  const say = useSay()
  const attempt = useAttempt()
  const nameOf = useNames()
  const route = useRoute()
  const online = useConnection().state === 'online'
  const token = route.page === 'invitation' && online ? route.token : undefined
  useEffect(() => {
    if (token === undefined) return
    go({ page: 'home' })
    void attempt(async () => go({ page: 'conversation', id: (await chat.rooms.accept(token)).id }))
  }, [chat, attempt, token])
  useEffect(
    () =>
      chat.on('invited', ({ by, name, token: invitation }) => {
        const accept = async (): Promise<void> =>
          go({ page: 'conversation', id: (await chat.rooms.accept(invitation)).id })
        const run = () => void attempt(accept)
        say(t('toast.invited', { by: nameOf(by), name }), { label: t('toast.accept'), run })
      }),
    [chat, say, attempt, t, nameOf],
  )
}

function useRemovals(): void {
  const t = useT()
  const chat = useChat()
  const say = useSay()
  const route = useRoute()
  const id = route.page === 'conversation' ? route.id : undefined
  useEffect(
    () =>
      chat.on('removed', ({ conversation, reason, room }) => {
        const key = reason === 'kicked' || reason === 'banned' ? reason : 'gone'
        const text = room === undefined ? t('conversation.unknown') : t(`toast.${key}`, { name: room.name })
        if (reason !== 'left') say(text)
        if (conversation === id) go({ page: 'home' })
      }),
    [chat, say, t, id],
  )
}

/** Moves a user without conversations to the lobby, once. */
function useFirstVisit(): void {
  const chat = useChat()
  const attempt = useAttempt()
  const { loaded, conversations } = useConversations()
  const online = useConnection().state === 'online'
  const isNew = loaded && online && conversations.length === 0
  useEffect(() => {
    if (!isNew || visited(chat.user)) return
    void attempt(async () => {
      const lobby = await joinLobby(chat)
      if (location.hash.length <= 2) go({ page: 'conversation', id: lobby.id })
    })
  }, [chat, attempt, isNew])
}

/** True after the first call, so a user who left the lobby stays out of it. */
function visited(user: string): boolean {
  const key = `skein.visited.${user}`
  const before = tabTexts.get(key) !== null
  tabTexts.set(key, 'yes')
  return before
}
