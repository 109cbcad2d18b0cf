/**
 * Keyboard navigation of messages: Up, Down, Home and End move, Enter focuses the actions of one, Escape
 * returns to it.
 */
import type { KeyboardEvent } from 'react'

const MOVES: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}

/** Key handler of the list of messages. */
export function onArrowKeys(event: KeyboardEvent<HTMLOListElement>): void {
  const { target, key, currentTarget } = event
  if (!(target instanceof HTMLElement)) return
  const message = target.closest<HTMLElement>('[data-message]')
  if (message === null) return
  const next = message === target ? nextOf(message, key, currentTarget) : backOf(message, event)
  if (next === undefined) return
  event.preventDefault()
  next.focus()
}

function nextOf(message: HTMLElement, key: string, list: HTMLElement): HTMLElement | undefined {
  if (key === 'Enter') return message.querySelector<HTMLElement>('.messageActions button') ?? undefined
  const move = MOVES[key]
  if (move === undefined) return undefined
  const all = [...list.querySelectorAll<HTMLElement>('[data-message]')]
  return all[Math.min(Math.max(all.indexOf(message) + move, 0), all.length - 1)]
}

/** An open menu handles its own Escape. */
function backOf(message: HTMLElement, { key, defaultPrevented }: KeyboardEvent): HTMLElement | undefined {
  const isOpen = message.querySelector('.messageActions [aria-expanded="true"]') !== null
  return key === 'Escape' && !isOpen && !defaultPrevented ? message : undefined
}
