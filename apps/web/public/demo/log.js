// @ts-check
/** The conversation as a list: messages of one author close together, marks between them, at most {@link KEPT} entries. */
import { avatar, make, nameOf } from './dom.js'

const KEPT = 1000

/** Closer to the end than this (px), the reader follows the conversation. */
const NEAR = 80

/**
 * @param {{
 *   list: HTMLOListElement, region: HTMLElement, scroller: HTMLElement, jump: HTMLButtonElement, empty: HTMLElement,
 * }} elements
 * @param {string} me The reader's user.
 */
export function createLog({ list, region, scroller, jump, empty }, me) {
  /** @type {string | undefined} Of the last entry, if that is a message; '' is the server. */
  let author
  let loading = true

  const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR
  const toEnd = () => {
    scroller.scrollTop = scroller.scrollHeight
    jump.hidden = true
  }
  const showEmpty = () => {
    empty.hidden = loading || list.childElementCount > 0
  }

  /** @param {HTMLElement} entry @param {boolean} follow */
  const append = (entry, follow) => {
    const stay = !follow && !atEnd()
    list.append(entry)
    while (list.childElementCount > KEPT) list.firstElementChild?.remove()
    showEmpty()
    if (stay) jump.hidden = false
    else toEnd()
  }

  /** @param {string} kind @param {...(string | Node)} words */
  const mark = (kind, ...words) => {
    author = undefined
    const entry = make('li', `mark ${kind}`)
    entry.append(...words)
    append(entry, false)
    return entry
  }

  const follow = () => {
    if (atEnd()) jump.hidden = true
  }
  scroller.addEventListener('scroll', follow)
  jump.addEventListener('click', toEnd)

  return {
    /** @param {import('./room.js').Message} message */
    message(message) {
      const own = message.user === me
      const first = author !== message.user
      author = message.user
      append(messageEntry(message, own, first), own && message.arrival === 'live')
    },
    mark,
    /** Someone came or went. @param {string} user @param {string} did */
    movement(user, did) {
      mark('movement', nameOf(user), ` ${did}`)
    },
    /** After the history has come: keeps screen readers from reading fifty messages aloud. @param {boolean} busy */
    loading(busy) {
      loading = busy
      region.setAttribute('aria-busy', String(busy))
      showEmpty()
      if (!busy) toEnd()
    },
    /** Something below the list grew. */
    settle() {
      if (atEnd()) toEnd()
    },
    toEnd,
    stop() {
      scroller.removeEventListener('scroll', follow)
      jump.removeEventListener('click', toEnd)
      list.replaceChildren()
      region.removeAttribute('aria-busy')
    },
  }
}

/** @param {import('./room.js').Message} message @param {boolean} own @param {boolean} first Of its author, in a row. */
function messageEntry({ user, text, arrival }, own, first) {
  const entry = make('li', `message${own ? ' own' : ''}${first ? ' first' : ''}`)
  entry.setAttribute('data-arrival', arrival)
  if (first) entry.append(heading(user, own, arrival))
  const body = make('p', 'text', text)
  body.dir = 'auto'
  entry.append(body)
  return entry
}

/** @param {string} user @param {boolean} own @param {import('./room.js').Arrival} arrival */
function heading(user, own, arrival) {
  const author = user === '' ? 'The server' : user
  const head = make('p', 'head')
  head.append(avatar(author), nameOf(author))
  if (own) head.append(make('span', 'you', 'you'))
  // Publications carry no time that the SDK hands on, so only what has just arrived is given one.
  if (arrival === 'live') head.append(make('time', 'time', timeNow()))
  return head
}

function timeNow() {
  return new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}
