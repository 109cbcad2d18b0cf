// @ts-check
/**
 * Where this window is: the room in the address, so that it can be handed on; the name in the session, so that two windows
 * can differ and a handed-on address carries nobody's name.
 */

const NAME = 'skein.name'

/** The room in the address, as written; '' when there is none. */
export function placedRoom() {
  return new URLSearchParams(location.hash.slice(1)).get('room') ?? ''
}

export function rememberedName() {
  return sessionStorage.getItem(NAME) ?? ''
}

/** @param {string} name @param {string} room */
export function remember(name, room) {
  sessionStorage.setItem(NAME, name)
  history.replaceState(null, '', addressOf(room))
}

export function forgetName() {
  sessionStorage.removeItem(NAME)
}

/** @param {string} room */
export function addressOf(room) {
  return `/#${new URLSearchParams({ room })}`
}
