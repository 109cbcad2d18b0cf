/**
 * Validation of bodies, mentions and reactions. A body is plain text; the application that shows it escapes
 * it.
 */
import { ChatError } from '../errors.ts'
import type { ChatLimits } from '../limits.ts'
import { isUserId } from './names.ts'
import { isVisible } from './visible.ts'

/** C0 and C1 controls except tab and line feed, and lone surrogates. */
const NOT_TEXT = /[\p{Cc}--[\t\n]]|\p{Cs}/v

/** A mention excludes punctuation that ends a sentence: "hello @ann." mentions ann. */
const MENTION = /(?<![\p{L}\p{N}_@])@([\p{L}\p{N}_.-]{0,63}[\p{L}\p{N}_])/gu

/** One emoji, as Unicode recommends it for interchange, or a single code point with the property Emoji. */
const EMOJI = /^(?:\p{RGI_Emoji}|[\p{Emoji}--[0-9#*]])$/v

/** The body as it is stored: NFC, with LF line ends. Throws `empty`, `too_long`, `bad_body`. */
export function cleanBody(body: string, limits: ChatLimits): string {
  const clean = body.replaceAll('\r\n', '\n').normalize('NFC')
  if (!isVisible(clean)) throw new ChatError('empty')
  const length = [...clean].length
  if (length > limits.bodyLength) {
    throw new ChatError('too_long', `the message has ${length} characters; the limit is ${limits.bodyLength}`)
  }
  if (NOT_TEXT.test(clean)) throw new ChatError('bad_body')
  return clean
}

/**
 * The users mentioned by `@name` in the body and by id. Throws `mention_limit`, and `bad_name` for an invalid
 * id.
 */
export function mentionsOf(body: string, named: readonly string[], limits: ChatLimits): string[] {
  const found = new Set<string>()
  for (const [, user = ''] of body.matchAll(MENTION)) found.add(user)
  for (const user of named) {
    if (!isUserId(user)) throw new ChatError('bad_name', 'a mention is not a valid user id')
    found.add(user)
  }
  if (found.size > limits.mentions) {
    throw new ChatError(
      'mention_limit',
      `the message mentions ${found.size} users; the limit is ${limits.mentions}`,
    )
  }
  return [...found]
}

/** Adds the presentation selectors that Unicode's emoji-test.txt calls fully qualified. */
const qualified = (bare: string): string =>
  bare.replace(/[\p{Emoji}--\p{Emoji_Presentation}](?!\p{Emoji_Modifier})/gv, '$&\ufe0f')

/**
 * The emoji in its one stored form, with or without presentation selectors in the call. Throws `bad_emoji`.
 */
export function cleanEmoji(emoji: string): string {
  const bare = emoji.replace(/[\ufe0e\ufe0f]/g, '')
  const form = [qualified(bare), bare].find((candidate) => EMOJI.test(candidate))
  if (form === undefined) throw new ChatError('bad_emoji')
  return form
}
