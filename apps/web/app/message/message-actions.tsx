/** The actions reply, react and more, beside the hovered or focused message. */
import { Menu, Popover } from '@mantine/core'
import type { Conversation, Item } from '@skein/client'
import { useConversation } from '@skein/client/react'
import { useState } from 'react'
import { EmojiGrid } from '../composer/emoji-grid.tsx'
import type { Writing } from '../composer/writing.ts'
import { useT } from '../i18n/locale.tsx'
import { copyText } from '../ui/copy-text.ts'
import { IconButton } from '../ui/icon-button.tsx'
import { Icon } from '../ui/icons.tsx'
import { useAttempt } from '../ui/use-attempt.ts'

interface Props {
  readonly conversation: Conversation
  readonly message: { readonly item: Item; readonly own: boolean }
  readonly me: string
  readonly setWriting: (writing: Writing) => void
}

const SIZE = { size: 30, iconSize: 17 } as const

export function MessageActions(props: Props) {
  const t = useT()
  const { message, setWriting } = props
  return (
    <div className="messageActions" role="toolbar" aria-label={t('message.actions')}>
      <React {...props} />
      <IconButton
        icon="reply"
        label={t('message.reply')}
        {...SIZE}
        onClick={() => setWriting({ kind: 'reply', item: message.item })}
      />
      <More {...props} />
    </div>
  )
}

function React({ conversation, message: { item }, me }: Props) {
  const t = useT()
  const attempt = useAttempt()
  const [open, setOpen] = useState(false)
  const react = (emoji: string): void => {
    setOpen(false)
    const own = item.reactions?.[emoji]?.includes(me) === true
    void attempt(() => conversation.react(item, emoji, !own))
  }
  return (
    <Popover opened={open} onChange={setOpen} trapFocus position="top">
      <Popover.Target>
        <IconButton icon="smile" label={t('message.react')} {...SIZE} onClick={() => setOpen(!open)} />
      </Popover.Target>
      <Popover.Dropdown p={6}>
        <EmojiGrid pick={react} />
      </Popover.Dropdown>
    </Popover>
  )
}

function More({ conversation, message: { item, own }, setWriting }: Props) {
  const t = useT()
  const attempt = useAttempt()
  const { role } = useConversation(conversation)
  const moderates = role === 'owner' || role === 'moderator'
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <IconButton icon="more" label={t('message.more')} {...SIZE} />
      </Menu.Target>
      <Menu.Dropdown>
        {own && (
          <Menu.Item
            leftSection={<Icon name="edit" size={16} />}
            onClick={() => setWriting({ kind: 'edit', item })}
          >
            {t('message.edit')}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<Icon name="copy" size={16} />}
          onClick={() => void attempt(() => copyText(item.body))}
        >
          {t('message.copy')}
        </Menu.Item>
        <Menu.Item
          leftSection={<Icon name="trash" size={16} />}
          onClick={() => void attempt(() => conversation.delete(item, 'me'))}
        >
          {t('message.deleteMe')}
        </Menu.Item>
        {(own || moderates) && (
          <Menu.Item
            color="red"
            leftSection={<Icon name="trash" size={16} />}
            onClick={() => void attempt(() => conversation.delete(item, 'all'))}
          >
            {t('message.deleteAll')}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
