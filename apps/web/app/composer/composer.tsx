/**
 * The text field: Enter sends, Shift+Enter breaks the line, Escape cancels a reply or an edit, Up edits the
 * last message.
 */
import { Popover, Textarea } from '@mantine/core'
import type { Conversation } from '@skein/client'
import { useConversation, useNames } from '@skein/client/react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTitle } from '../conversation/title.ts'
import { useT } from '../i18n/locale.tsx'
import { IconButton } from '../ui/icon-button.tsx'
import { useAttempt } from '../ui/use-attempt.ts'
import { isComposing } from './composition.ts'
import { draftOf, keepDraft } from './drafts.ts'
import { EmojiGrid } from './emoji-grid.tsx'
import { replaceSelection } from './replace-selection.ts'
import { Suggestions, useSuggestions } from './suggestions.tsx'
import type { Writing } from './writing.ts'
import './composer.css'

interface Props {
  readonly conversation: Conversation
  readonly writing: Writing
  readonly setWriting: (writing: Writing) => void
}

/** The server's limit, counted in Unicode characters. */
const MAX_BODY_CHARACTERS = 4000
const NEW: Writing = { kind: 'new' }

export function Composer({ conversation, writing, setWriting }: Props) {
  const t = useT()
  const { name } = useTitle(useConversation(conversation))
  const field = useRef<HTMLTextAreaElement>(null)
  const { text, change, submit, tooLong } = useText({ conversation, writing, setWriting })
  const suggestions = useSuggestions(conversation, text, field, change)
  useFocus(field, writing)
  const onKeyDown = (event: KeyboardEvent): void => {
    // Enter that ends an input method's composition is not meant for us.
    if (isComposing(event.nativeEvent) || suggestions.onKey(event)) return
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      submit()
    } else if (event.key === 'Escape' && writing.kind !== 'new') setWriting(NEW)
    else if (event.key === 'ArrowUp' && text === '') editLast(conversation, setWriting)
  }
  const insert = (emoji: string): void => {
    const { selectionStart = text.length, selectionEnd = text.length } = field.current ?? {}
    const replaced = replaceSelection(text, selectionStart, selectionEnd, emoji)
    change(replaced.text)
    field.current?.focus()
    // After the field has the new text.
    requestAnimationFrame(() => field.current?.setSelectionRange(replaced.caret, replaced.caret))
  }
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <About writing={writing} cancel={() => setWriting(NEW)} />
      <Suggestions users={suggestions.users} chosen={suggestions.chosen} choose={suggestions.choose} />
      <div className="composerLine">
        <EmojiButton pick={insert} />
        <Textarea
          ref={field}
          className="composerField"
          autosize
          minRows={1}
          maxRows={8}
          radius="lg"
          value={text}
          dir="auto"
          onChange={(event) => {
            change(event.currentTarget.value)
            suggestions.onCaret(event.currentTarget.selectionStart)
          }}
          onKeyDown={onKeyDown}
          onSelect={(event) => suggestions.onCaret(event.currentTarget.selectionStart)}
          onBlur={() => conversation.typing(false)}
          placeholder={t('composer.to', { name })}
          aria-label={t('composer.label')}
          enterKeyHint="send"
          error={tooLong > 0 ? t('composer.tooLong', { count: tooLong }) : undefined}
        />
        <IconButton
          type="submit"
          icon={writing.kind === 'edit' ? 'check' : 'send'}
          label={t(writing.kind === 'edit' ? 'composer.save' : 'composer.send')}
          variant="filled"
          color="brand"
          radius="xl"
          size={40}
          disabled={text.trim() === '' || tooLong > 0}
        />
      </div>
    </form>
  )
}

interface Text {
  readonly text: string
  readonly change: (text: string) => void
  readonly submit: () => void
  readonly tooLong: number
}

function useText({ conversation, writing, setWriting }: Props): Text {
  const attempt = useAttempt()
  const [text, setText] = useState(() => draftOf(conversation.id))
  const editing = writing.kind === 'edit' ? writing.item : undefined
  useEffect(() => {
    setText(editing === undefined ? draftOf(conversation.id) : editing.body)
  }, [conversation, editing])
  const tooLong = [...text].length - MAX_BODY_CHARACTERS
  const change = (next: string): void => {
    setText(next)
    if (editing !== undefined) return
    keepDraft(conversation.id, next)
    conversation.typing(next.trim() !== '')
  }
  const submit = (): void => {
    const body = text.trim()
    if (body === '' || tooLong > 0) return
    void attempt(async () => {
      if (editing !== undefined) await conversation.edit(editing, body)
      else conversation.send(body, writing.kind === 'reply' ? { replyTo: targetOf(writing.item) } : {})
      if (editing === undefined) {
        keepDraft(conversation.id, '')
        setText('')
      }
      setWriting(NEW)
    })
  }
  return { text, change, submit, tooLong }
}

const targetOf = ({ id, offset }: { readonly id: string; readonly offset: number }) => ({ id, offset })

function editLast(conversation: Conversation, setWriting: (writing: Writing) => void): void {
  const { messages } = conversation.timeline.get()
  const last = messages.findLast(({ own, item }) => own && item.id !== '' && item.deletedAt === undefined)
  if (last !== undefined) setWriting({ kind: 'edit', item: last.item })
}

/** Focuses at once with a physical keyboard. On a touch screen the keyboard would cover the messages. */
function useFocus(field: { readonly current: HTMLTextAreaElement | null }, writing: Writing): void {
  useEffect(() => {
    if (writing.kind !== 'new' || matchMedia('(pointer: fine)').matches) field.current?.focus()
  }, [field, writing])
}

function About({ writing, cancel }: { readonly writing: Writing; readonly cancel: () => void }) {
  const t = useT()
  const nameOf = useNames()
  if (writing.kind === 'new') return null
  const { item } = writing
  return (
    <div className="about">
      <p>
        <strong>
          {writing.kind === 'edit'
            ? t('composer.editing')
            : t('composer.replying', { name: nameOf(item.from) })}
        </strong>
        <span>{item.body}</span>
      </p>
      <IconButton icon="close" label={t('composer.cancel')} size={28} iconSize={16} onClick={cancel} />
    </div>
  )
}

function EmojiButton({ pick }: { readonly pick: (emoji: string) => void }) {
  const t = useT()
  const [open, setOpen] = useState(false)
  return (
    <Popover opened={open} onChange={setOpen} trapFocus position="top-start">
      <Popover.Target>
        <IconButton
          icon="smile"
          label={t('composer.emoji')}
          size={40}
          iconSize={22}
          onClick={() => setOpen(!open)}
        />
      </Popover.Target>
      <Popover.Dropdown p={6}>
        <EmojiGrid
          pick={(emoji) => {
            setOpen(false)
            pick(emoji)
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}
