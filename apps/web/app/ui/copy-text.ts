import { ChatError } from '@skein/client'

/**
 * Copies the text. The Clipboard API needs a secure context (`https:` or localhost), so `http://NAME` takes
 * the older command. Rejects with `copy_failed`.
 */
export async function copyText(text: string): Promise<void> {
  if (isSecureContext && 'clipboard' in navigator) {
    try {
      return await navigator.clipboard.writeText(text)
    } catch {
      // Permission denied, or the page lost the focus: the command below may still work.
    }
  }
  if (!copyByCommand(text)) throw new ChatError(0, 'copy_failed: the browser rejected the copy', false)
}

function copyByCommand(text: string): boolean {
  const before = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  field.readOnly = true
  field.className = 'offscreen'
  document.body.append(field)
  field.select()
  try {
    return document.execCommand('copy')
  } finally {
    field.remove()
    if (before instanceof HTMLElement) before.focus()
  }
}
