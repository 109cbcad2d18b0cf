/** An invitation link for any user, with chosen uses and expiry. */
import { Button, SegmentedControl, TextInput } from '@mantine/core'
import type { Room } from '@skein/client'
import { useChat } from '@skein/client/react'
import { useState } from 'react'
import { useT } from '../i18n/locale.tsx'
import { useTimes } from '../i18n/times.ts'
import { hashOf } from '../route.ts'
import { copyText } from '../ui/copy-text.ts'
import { useSay } from '../ui/toasts.tsx'
import { useAttempt } from '../ui/use-attempt.ts'

const USES = ['1', '10', '100'] as const
const EXPIRY_SECONDS = { hour: 3600, day: 86_400, week: 604_800 } as const
type Expiry = keyof typeof EXPIRY_SECONDS

interface Made {
  readonly link: string
  readonly uses: number
  readonly expiresAt: number
}

export function InviteLink({ room }: { readonly room: Room }) {
  const t = useT()
  const chat = useChat()
  const attempt = useAttempt()
  const [uses, setUses] = useState('1')
  const [expiry, setExpiry] = useState<Expiry>('week')
  const [made, setMade] = useState<Made>()
  const make = async (): Promise<void> => {
    const terms = { uses: Number(uses), expiresIn: EXPIRY_SECONDS[expiry] }
    const { token, ...reply } = await chat.rooms.inviteAnyone(room.id, terms)
    const link = `${location.origin}${location.pathname}${hashOf({ page: 'invitation', token })}`
    setMade({ link, uses: reply.uses, expiresAt: reply.expiresAt })
  }
  if (made !== undefined) return <Link {...made} />
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={t('room.inviteUses')}
        value={uses}
        onChange={setUses}
        data={USES.map((value) => ({ value, label: t('room.inviteUsesCount', { count: Number(value) }) }))}
      />
      <SegmentedControl
        size="xs"
        aria-label={t('room.inviteExpiry')}
        value={expiry}
        onChange={(value) => setExpiry(value as Expiry)}
        data={(['hour', 'day', 'week'] as const).map((value) => ({
          value,
          label: t(`room.inviteExpiry.${value}`),
        }))}
      />
      <Button size="compact-sm" variant="subtle" onClick={() => void attempt(make)}>
        {t('room.inviteAnyone')}
      </Button>
    </>
  )
}

function Link({ link, uses, expiresAt }: Made) {
  const t = useT()
  const say = useSay()
  const times = useTimes()
  const attempt = useAttempt()
  const copy = async (): Promise<void> => {
    await copyText(link)
    say(t('room.copied'))
  }
  return (
    <div className="inviteLink">
      <TextInput
        label={t('room.inviteLink')}
        description={t('room.inviteTerms', { count: uses, when: times.full(expiresAt) })}
        value={link}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button variant="light" onClick={() => void attempt(copy)}>
        {t('room.copy')}
      </Button>
    </div>
  )
}
