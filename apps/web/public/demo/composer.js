// @ts-check
/** Where messages are written: Enter sends, Shift+Enter makes a new line, the field grows with its text. */
import { byId } from './dom.js'
import { checkText } from './names.js'

/** @param {(text: string) => void} send */
export function createComposer(send) {
  const form = byId('composer', HTMLFormElement)
  const field = byId('message', HTMLTextAreaElement)
  const problem = byId('message-error', HTMLElement)
  const wiring = new AbortController()
  const { signal } = wiring

  const submit = () => {
    const checked = checkText(field.value)
    problem.textContent = checked.ok ? '' : checked.problem
    field.setAttribute('aria-invalid', String(!checked.ok && checked.problem !== ''))
    if (!checked.ok) return
    field.value = ''
    send(checked.value)
    field.focus()
  }

  form.addEventListener(
    'submit',
    (event) => {
      event.preventDefault()
      submit()
    },
    { signal },
  )
  field.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return // composing: Enter picks a word
      event.preventDefault()
      submit()
    },
    { signal },
  )
  field.value = ''
  problem.textContent = ''
  field.focus()
  return { stop: () => wiring.abort() }
}
