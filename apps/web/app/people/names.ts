/** Checks a typed name before it is sent. The server checks again; this check exists for clear messages. */
import type { Key } from '../i18n/en.ts'

export const NAME_LENGTH = 32

export type Checked =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly problem: Key }

/**
 * Controls, surrogates, unassigned and private characters, line separators, and invisible characters (U+FE0F
 * may follow an emoji).
 */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\u2800]|(?!\uFE0F)\p{Default_Ignorable_Code_Point}/u
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/** Trimmed and in NFC, so names that look equal are equal. */
export function checkName(typed: string): Checked {
  const value = typed.normalize('NFC').replace(/^ +| +$/g, '')
  if (value === '') return refused('signIn.empty')
  if (INVISIBLE.test(value)) return refused('signIn.invisible')
  if (!VISIBLE.test(value)) return refused('signIn.nothing')
  if ([...value].length > NAME_LENGTH) return refused('signIn.long')
  return { ok: true, value }
}

const refused = (problem: Key): Checked => ({ ok: false, problem })
