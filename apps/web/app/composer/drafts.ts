/** Unsent text per conversation, for the lifetime of the tab. */
import { tabTexts } from '../ui/browser-storage.ts'

const PREFIX = 'skein.draft.'

export function draftOf(conversation: string): string {
  return tabTexts.get(PREFIX + conversation) ?? ''
}

export function keepDraft(conversation: string, text: string): void {
  tabTexts.set(PREFIX + conversation, text.trim() === '' ? null : text)
}
