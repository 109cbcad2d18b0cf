/** Unsent text per conversation, for the lifetime of the tab. */
const PREFIX = 'skein.draft.'

export function draftOf(conversation: string): string {
  return sessionStorage.getItem(PREFIX + conversation) ?? ''
}

export function keepDraft(conversation: string, text: string): void {
  if (text.trim() === '') sessionStorage.removeItem(PREFIX + conversation)
  else sessionStorage.setItem(PREFIX + conversation, text)
}
