/** Text that was begun and not sent, per conversation, for as long as this tab lives. */
const PREFIX = 'skein.draft.'

export function draftOf(conversation: string): string {
  return sessionStorage.getItem(PREFIX + conversation) ?? ''
}

export function keepDraft(conversation: string, text: string): void {
  if (text.trim() === '') sessionStorage.removeItem(PREFIX + conversation)
  else sessionStorage.setItem(PREFIX + conversation, text)
}
