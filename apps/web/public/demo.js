// @ts-check
/** The demo page: a form to enter a room, and the room. The parts are in `demo/`, one thing per file. */
import { openChat } from './demo/chat.js'
import { byId } from './demo/dom.js'
import { checkName, checkRoom } from './demo/names.js'
import { forgetName, placedRoom, remember, rememberedName } from './demo/place.js'
import { NameRefused } from './demo/token.js'

const FIRST_ROOM = 'lobby'

const welcome = byId('welcome', HTMLElement)
const chat = byId('chat', HTMLElement)
const form = byId('enter', HTMLFormElement)
const nameField = byId('name', HTMLInputElement)
const roomField = byId('room', HTMLInputElement)
const noTokens = byId('no-tokens', HTMLElement)

/** @type {(() => void) | undefined} The way out of the room, while in one. */
let leave

/** Enters if both names are good; otherwise says at the field what is wrong. */
function enter() {
  const name = checkName(nameField.value)
  const room = checkRoom(roomField.value)
  say(nameField, name.ok ? '' : name.problem)
  say(roomField, room.ok ? '' : room.problem)
  if (!name.ok) return nameField.focus()
  if (!room.ok) return roomField.focus()
  remember(name.value, room.value)
  noTokens.hidden = true
  welcome.hidden = true
  chat.hidden = false
  leave = openChat({ name: name.value, room: room.value, onRefused: backWith })
}

function goOut() {
  leave?.()
  leave = undefined
  chat.hidden = true
  welcome.hidden = false
  document.title = 'Skein demo'
  nameField.value ||= rememberedName()
  roomField.value = placedRoom() || FIRST_ROOM
}

/** No token for this name, or none at all: back to the form, with the reason. @param {Error} error */
function backWith(error) {
  queueMicrotask(() => {
    goOut()
    if (error instanceof NameRefused) return say(nameField, error.message)
    noTokens.hidden = false
    byId('no-tokens-reason', HTMLElement).textContent = error.message
    byId('no-tokens-title', HTMLElement).focus()
  })
}

/** @param {HTMLInputElement} field @param {string} problem */
function say(field, problem) {
  byId(`${field.id}-error`, HTMLElement).textContent = problem
  field.setAttribute('aria-invalid', String(problem !== ''))
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  enter()
})
byId('leave', HTMLButtonElement).addEventListener('click', () => {
  forgetName()
  goOut()
  nameField.focus()
})
window.addEventListener('hashchange', () => {
  const inRoom = leave !== undefined
  goOut()
  if (inRoom) enter()
})

goOut()
if (nameField.value !== '' && placedRoom() !== '') enter()
else nameField.focus()
