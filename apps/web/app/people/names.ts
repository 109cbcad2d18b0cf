/** Checks a typed name before it is sent. The server checks again; this check exists for clear messages. */
import type { Key } from '../i18n/en.ts'

export const NAME_LENGTH = 32

export type Checked =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly problem: Key }

/** Controls, surrogates, unassigned and private characters, line separators, other invisible characters. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u
/** Viramas, after which Indic scripts and Sinhala use joiners. RFC 5892, appendix A. */
const VIRAMA = '\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d4d\\u0dca\\u0f84\\u1039\\u17d2'
/** Emoji sequences, joiners that a script needs, variants of Han characters. The server accepts the same. */
const NEEDED = [
  /\p{RGI_Emoji}/gv,
  new RegExp(
    `(?<=[${VIRAMA}])[\\u200c\\u200d]|(?<=\\p{Script=Arabic}\\p{M}*)[\\u200c\\u200d](?=\\p{Script=Arabic})`,
    'gu',
  ),
  /(?<=\p{Script=Han})(?:[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}])|(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f]/gu,
]
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/** Trimmed and in NFC, so names that look equal are equal. */
export function checkName(typed: string): Checked {
  const value = typed.normalize('NFC').replace(/^ +| +$/g, '')
  if (value === '') return refused('signIn.empty')
  const rest = NEEDED.reduce((text, needed) => text.replace(needed, ''), value)
  if (INVISIBLE.test(rest)) return refused('signIn.invisible')
  if (!VISIBLE.test(value)) return refused('signIn.nothing')
  if ([...value].length > NAME_LENGTH) return refused('signIn.long')
  return { ok: true, value }
}

const refused = (problem: Key): Checked => ({ ok: false, problem })
