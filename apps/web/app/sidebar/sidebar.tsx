/** The list of conversations, with search and the menu of new ones. */
import { Button, Skeleton, TextInput } from '@mantine/core'
import type { Conversation } from '@skein/client'
import { useChat, useConversations, useNames } from '@skein/client/react'
import { useDeferredValue, useState } from 'react'
import { MeMenu } from '../account/me-menu.tsx'
import { useT } from '../i18n/locale.tsx'
import { joinLobby } from '../room/lobby.ts'
import { go } from '../route.ts'
import { Icon } from '../ui/icons.tsx'
import { useAttempt } from '../ui/use-attempt.ts'
import { NewMenu } from './new-menu.tsx'
import { Row } from './row.tsx'
import './sidebar.css'

export function Sidebar({ current }: { readonly current: string | undefined }) {
  const t = useT()
  const [text, setText] = useState('')
  const search = useDeferredValue(text)
  const { conversations, loaded } = useConversations()
  return (
    <nav className="sidebar" aria-label={t('list.title')}>
      <header className="sideHead">
        <img src="/favicon.svg" alt="" width="28" height="28" />
        <h1>{t('app.name')}</h1>
        <NewMenu />
        <MeMenu />
      </header>
      <TextInput
        className="sideSearch"
        type="search"
        size="sm"
        radius="xl"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder={t('list.search')}
        aria-label={t('list.search')}
        leftSection={<Icon name="search" size={16} />}
      />
      <div className="sideList">
        {!loaded && conversations.length === 0 && <Loading />}
        {loaded && conversations.length === 0 && <Empty />}
        <List conversations={conversations} search={search} current={current} />
        <More />
      </div>
    </nav>
  )
}

interface ListProps {
  readonly conversations: readonly Conversation[]
  readonly search: string
  readonly current: string | undefined
}

function List({ conversations, search, current }: ListProps) {
  const t = useT()
  const nameOf = useNames()
  const wanted = search.trim().toLocaleLowerCase()
  const shown = conversations.filter((conversation) => {
    if (wanted === '') return true
    const { room, with: other, id } = conversation.state.get()
    return (room?.name ?? (other === undefined ? id : nameOf(other))).toLocaleLowerCase().includes(wanted)
  })
  if (shown.length === 0 && wanted !== '')
    return <p className="sideNote">{t('list.noMatch', { text: search })}</p>
  return (
    <ul>
      {shown.map((conversation) => (
        <Row key={conversation.id} conversation={conversation} current={conversation.id === current} />
      ))}
    </ul>
  )
}

function More() {
  const t = useT()
  const chat = useChat()
  const attempt = useAttempt()
  const { more } = useConversations()
  if (!more) return null
  return (
    <Button variant="subtle" fullWidth onClick={() => void attempt(() => chat.loadMoreConversations())}>
      {t('list.more')}
    </Button>
  )
}

function Loading() {
  const t = useT()
  return (
    <div role="status" aria-label={t('list.loading')} className="sideLoading">
      {[0, 1, 2, 3].map((at) => (
        <Skeleton key={at} height={52} radius="lg" />
      ))}
    </div>
  )
}

function Empty() {
  const t = useT()
  const chat = useChat()
  const attempt = useAttempt()
  const enter = async () => go({ page: 'conversation', id: (await joinLobby(chat)).id })
  return (
    <div className="sideNote">
      <h2>{t('list.empty')}</h2>
      <p>{t('list.emptyHint')}</p>
      <Button onClick={() => void attempt(enter)}>{t('list.lobby')}</Button>
    </div>
  )
}
