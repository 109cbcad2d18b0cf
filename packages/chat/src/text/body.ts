/** What a message may say. Bodies are text and stay text: escaping is for whoever shows them. */
import { ChatError } from '../errors.ts'
import type { ChatLimits } from '../limits.ts'
import { isUserId } from './names.ts'

/** C0 and C1 controls but for tab and line feed, and halves of surrogate pairs: no text holds them. */
const NOT_TEXT = /[\p{Cc}--[\t\n]]|\p{Cs}/v

/** Ends at what can end a sentence: "hello @ann." mentions ann. */
const MENTION = /(?<![\p{L}\p{N}_@])@([\p{L}\p{N}_.-]{0,63}[\p{L}\p{N}_])/gu

/** One emoji, as Unicode recommends them for interchange, or written without its presentation selector. */
const EMOJI = /^(?:\p{RGI_Emoji}|[\p{Emoji}--[0-9#*]])$/v

/** The body as it is kept: NFC, CRLF as LF. Throws `empty`, `too_long`, `bad_body`. */
export function cleanBody(body: string, limits: ChatLimits): string {
  const clean = body.replaceAll('\r\n', '\n').normalize('NFC')
  if (clean.trim() === '') throw new ChatError('empty')
  const length = [...clean].length
  if (length > limits.bodyLength) {
    throw new ChatError('too_long', `${length} characters; ${limits.bodyLength} are the most`)
  }
  if (NOT_TEXT.test(clean)) throw new ChatError('bad_body')
  return clean
}

/** Who is mentioned: by `@name` in the body, and by id. Throws `mention_limit`, and `bad_name` for what is no user id. */
export function mentionsOf(body: string, named: readonly string[], limits: ChatLimits): string[] {
  const found = new Set<string>()
  for (const [, user = ''] of body.matchAll(MENTION)) found.add(user)
  for (const user of named) {
    if (!isUserId(user)) throw new ChatError('bad_name', 'a mention is not a user id')
    found.add(user)
  }
  if (found.size > limits.mentions) {
    throw new ChatError('mention_limit', `${found.size} people; ${limits.mentions} are the most`)
  }
  return [...found]
}

/** Throws `bad_emoji`. */
export function demandEmoji(emoji: string): void {
  if (!EMOJI.test(emoji)) throw new ChatError('bad_emoji')
}
