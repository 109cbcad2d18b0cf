import { Badge, Button, Menu } from '@mantine/core'
import type { Conversation, Member, Role } from '@skein/client'
import { useChat, useConversation, useNames } from '@skein/client/react'
import { useCallback, useEffect, useState } from 'react'
import type { Key } from '../i18n/en.ts'
import { useT } from '../i18n/locale.tsx'
import { PersonFace } from '../people/avatar.tsx'
import { PresenceText } from '../people/presence-text.tsx'
import { go } from '../route.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { useAttempt } from '../ui/use-attempt.ts'

interface Props {
  readonly conversation: Conversation
  readonly close: () => void
}

const HOUR_SECONDS = 3600

export function MemberList({ conversation, close }: Props) {
  const t = useT()
  const { room, role = 'member' } = useConversation(conversation)
  const { members, more, reload } = useMembers(room?.id ?? '', room?.members)
  return (
    <section aria-label={t('room.people')} className="members">
      <h3>{t('room.members', { count: room?.members ?? 0 })}</h3>
      <ul className="plainList">
        {members.map((member) => (
          <MemberLine
            key={member.user}
            member={member}
            room={room?.id ?? ''}
            role={role}
            reload={reload}
            close={close}
          />
        ))}
      </ul>
      {more !== undefined && (
        <Button variant="subtle" onClick={more}>
          {t('list.more')}
        </Button>
      )}
    </section>
  )
}

interface LineProps {
  readonly member: Member
  readonly room: string
  /** The role of this user. */
  readonly role: Role
  readonly reload: () => void
  readonly close: () => void
}

function MemberLine({ member, room, role, reload, close }: LineProps) {
  const t = useT()
  const chat = useChat()
  const name = useNames()(member.user)
  return (
    <li className="plainLine">
      <PersonFace user={member.user} name={name} />
      <span className="plainText">
        <strong>{member.user === chat.user ? t('message.you') : name}</strong>
        <small>
          <PresenceText user={member.user} />
        </small>
      </span>
      {member.role !== 'member' && <Badge variant="light">{t(`role.${member.role}`)}</Badge>}
      {member.user !== chat.user && (
        <MemberMenu member={member} room={room} role={role} reload={reload} close={close} name={name} />
      )}
    </li>
  )
}

function MemberMenu({ member, room, role, reload, close, name }: LineProps & { readonly name: string }) {
  const t = useT()
  const chat = useChat()
  const attempt = useAttempt()
  const { user } = member
  const act = (task: () => Promise<void>) => void attempt(task).then(reload)
  const muted = (member.mutedUntil ?? 0) > Date.now()
  const outranks = rank(role) > rank(member.role)
  const roles: readonly (readonly [Role, Key])[] = [
    ['owner', 'room.makeOwner'],
    ['moderator', 'room.makeModerator'],
    ['member', 'room.makeMember'],
  ]
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <IconButton icon="more" label={t('room.memberMenu', { name })} size={30} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          onClick={() => {
            close()
            go({ page: 'conversation', id: chat.direct(user).id })
          }}
        >
          {t('room.write', { name })}
        </Menu.Item>
        {role === 'owner' &&
          roles
            .filter(([other]) => other !== member.role)
            .map(([other, label]) => (
              <Menu.Item key={other} onClick={() => act(() => chat.rooms.setRole(room, user, other))}>
                {t(label)}
              </Menu.Item>
            ))}
        {outranks && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => act(() => chat.rooms.mute(room, user, muted ? 0 : HOUR_SECONDS))}>
              {t(muted ? 'room.unmute' : 'room.muteHour')}
            </Menu.Item>
            <Menu.Item color="red" onClick={() => act(() => chat.rooms.kick(room, user))}>
              {t('room.kick')}
            </Menu.Item>
            <Menu.Item color="red" onClick={() => act(() => chat.rooms.ban(room, user))}>
              {t('room.ban')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

const rank = (role: Role): number => ({ owner: 2, moderator: 1, member: 0 })[role]

interface Members {
  readonly members: readonly Member[]
  readonly more: (() => void) | undefined
  readonly reload: () => void
}

/** The members, reloaded when their number changes. */
function useMembers(room: string, count: number | undefined): Members {
  const chat = useChat()
  const attempt = useAttempt()
  const [found, setFound] = useState<{ readonly members: readonly Member[]; readonly cursor?: string }>({
    members: [],
  })
  const reload = useCallback(
    () => void attempt(async () => setFound(await chat.rooms.members(room, { limit: 50 }))),
    [attempt, chat, room],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed number means that the list is outdated
  useEffect(reload, [reload, count])
  const { cursor } = found
  const more = () =>
    void attempt(async () => {
      const page = await chat.rooms.members(room, { limit: 50, cursor })
      setFound((before) => ({ ...page, members: [...before.members, ...page.members] }))
    })
  return { members: found.members, more: cursor === undefined ? undefined : more, reload }
}
