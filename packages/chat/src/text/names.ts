/** What may be called what: user ids, display names, names of rooms. */
import { ChatError } from '../errors.ts'

/**
 * What makes a name look like another or write over its surroundings: control and format characters (bidirectional
 * overrides, zero-width, tags), line separators, private use, halves of surrogate pairs. See UTS 39, section 3.1.
 */
const TREACHEROUS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/u

const NAME_LENGTH = 80
const USER_LENGTH = 64
/** Two percent-encoded ids and `dm::` must fit into a channel name of 255. */
const ENCODED_USER = 120

/** User ids are names that somebody reads, too: whatever is no treacherous name is one. */
export function isUserId(user: string): boolean {
  if (user === '' || [...user].length > USER_LENGTH || user !== user.trim()) return false
  return !TREACHEROUS.test(user) && encodeURIComponent(user).length <= ENCODED_USER
}

/** Throws `bad_name`. */
export function demandUserId(user: string): void {
  if (isUserId(user)) return
  const rule = `1 to ${USER_LENGTH} characters (${ENCODED_USER} percent-encoded), none of them control, format or bidirectional`
  throw new ChatError('bad_name', `a user id has ${rule}`)
}

/** The name as it is kept: NFC, trimmed, single spaces. Throws `bad_name`. */
export function cleanName(name: string): string {
  const clean = name.normalize('NFC').trim().replace(/ +/g, ' ')
  if (TREACHEROUS.test(clean))
    throw new ChatError('bad_name', 'a name holds no control, format or bidirectional characters')
  const length = [...clean].length
  if (length < 1 || length > NAME_LENGTH)
    throw new ChatError('bad_name', `a name has 1 to ${NAME_LENGTH} characters`)
  return clean
}

/** Names that read the same have the same key. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}
