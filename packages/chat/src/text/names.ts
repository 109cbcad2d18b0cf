/** Validation of user ids, display names and room names. */
import { ChatError } from '../errors.ts'
import { isVisible } from './visible.ts'

/**
 * Characters that make a name look like another or affect the text around it: controls, format characters
 * (bidirectional, zero-width, tags), line separators, private use, lone surrogates. See UTS 39, section 3.1.
 */
const DECEPTIVE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/u
/**
 * Fillers and selectors that draw nothing by themselves: Hangul, Braille, grapheme joiner, variation
 * selectors.
 */
const BLANK = /\u115f|\u1160|\u3164|\uffa0|\u2800|\u034f|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/u
/** Viramas, after which Indic scripts and Sinhala use joiners. RFC 5892, appendix A. */
const VIRAMA = '\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d4d\\u0dca\\u0f84\\u1039\\u17d2'
/** Joiners where a script needs them: after a virama, and within Arabic words (Persian, Urdu). */
const JOINERS = new RegExp(
  `(?<=[${VIRAMA}])[\\u200c\\u200d]|(?<=\\p{Script=Arabic}\\p{M}*)[\\u200c\\u200d](?=\\p{Script=Arabic})`,
  'gu',
)
/** Selectors of Han variants, which Japanese names have (UTS 37), and of emoji presentation. */
const VARIANTS =
  /(?<=\p{Script=Han})(?:[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}])|(?<=\p{Extended_Pictographic})[\ufe0e\ufe0f]/gu
const EMOJI = /\p{RGI_Emoji}/gv

/**
 * True for a name with characters that deceive readers. Emoji sequences and joiners that a script needs are
 * fine.
 */
function isDeceptive(name: string): boolean {
  const rest = name.replace(EMOJI, 'x').replace(JOINERS, '').replace(VARIANTS, '')
  return DECEPTIVE.test(rest) || BLANK.test(rest)
}

const MAX_NAME_CHARACTERS = 80
const MAX_USER_ID_CHARACTERS = 64
/** Two percent-encoded ids and `dm::` must fit into a channel name of 255. */
const MAX_ENCODED_USER_LENGTH = 120

/** People read user ids too, so the rules of names apply to them. */
export function isUserId(user: string): boolean {
  if (user === '' || [...user].length > MAX_USER_ID_CHARACTERS || user !== user.trim()) return false
  return !isDeceptive(user) && isVisible(user) && encodeURIComponent(user).length <= MAX_ENCODED_USER_LENGTH
}

/** Throws `bad_name`. */
export function demandUserId(user: string): void {
  if (isUserId(user)) return
  const rule = `1 to ${MAX_USER_ID_CHARACTERS} characters (${MAX_ENCODED_USER_LENGTH} percent-encoded), none of them control, format or bidirectional`
  throw new ChatError('bad_name', `the user id is not valid: use ${rule}`)
}

/** The name as it is stored: NFC, trimmed, single spaces. Throws `bad_name`. */
export function cleanName(name: string): string {
  const clean = name.normalize('NFC').trim().replace(/ +/g, ' ')
  const length = [...clean].length
  if (length > MAX_NAME_CHARACTERS)
    throw new ChatError('bad_name', `the name has ${length} characters: use 1 to ${MAX_NAME_CHARACTERS}`)
  if (isDeceptive(clean))
    throw new ChatError('bad_name', 'the name holds control, format or bidirectional characters: remove them')
  if (!isVisible(clean)) throw new ChatError('bad_name', 'the name shows nothing: use visible characters')
  return clean
}

/** Accents of alphabets in which people omit them when they search, and vowel points of Arabic and Hebrew. */
const OPTIONAL_MARKS =
  /(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]\p{M}*)\p{M}|[\u0591-\u05c7\u064b-\u065f\u0670]/gu

/** The form in which names are searched by substring: case and accents are folded. */
export function searchKey(text: string): string {
  const folded = text.normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD')
  return folded.replace(OPTIONAL_MARKS, '').replaceAll('ς', 'σ').normalize('NFC')
}

/** Names that read the same have equal keys: compatibility forms, composition and case are folded. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC')
}
