// @ts-check
/**
 * Names of people and rooms, and message texts, checked before they leave the page. The node checks again: this is for
 * clear words at the right field, not for safety.
 *
 * @typedef {{ readonly ok: true, readonly value: string } | { readonly ok: false, readonly problem: string }} Checked
 */

export const NAME_LENGTH = 32
export const ROOM_LENGTH = 64
export const TEXT_LENGTH = 4000

/** Controls, surrogates, unassigned and private characters, line separators, and all that draws nothing (U+FE0F after an emoji may). */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\u2800]|(?!\uFE0F)\p{Default_Ignorable_Code_Point}/u
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/**
 * The user id for a typed name: trimmed and in NFC, so that names that look the same are the same.
 *
 * @param {string} typed
 * @returns {Checked}
 */
export function checkName(typed) {
  const value = typed.normalize('NFC').replace(/^ +| +$/g, '')
  if (value === '') return refused('Please enter a name.')
  if (INVISIBLE.test(value)) return refused('The name contains invisible or control characters.')
  if (!VISIBLE.test(value)) return refused('The name has nothing to see in it.')
  if ([...value].length > NAME_LENGTH) return refused(`The name is longer than ${NAME_LENGTH} characters.`)
  return { ok: true, value }
}

/**
 * @param {string} typed
 * @returns {Checked}
 */
export function checkRoom(typed) {
  const value = typed.trim()
  if (value === '') return refused('Please enter a room.')
  if (value.length > ROOM_LENGTH) return refused(`The room is longer than ${ROOM_LENGTH} characters.`)
  if (!/^[A-Za-z0-9_-]+$/.test(value)) return refused('A room has letters (a to z), digits, - and _ only.')
  return { ok: true, value }
}

/**
 * @param {string} typed
 * @returns {Checked}
 */
export function checkText(typed) {
  const value = typed.replace(/^\s+|\s+$/g, '')
  if (value === '') return refused('')
  const over = value.length - TEXT_LENGTH
  if (over > 0) return refused(`The message is ${over} characters too long.`)
  return { ok: true, value }
}

/**
 * @param {string} problem
 * @returns {Checked}
 */
function refused(problem) {
  return { ok: false, problem }
}
