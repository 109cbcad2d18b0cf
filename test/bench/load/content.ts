/**
 * Contents for the measurement of compression: each message differs from the one before as real ones do.
 * About 250 and 1,400 bytes.
 */

export const CONTENTS = ['chat', 'state'] as const
export type Content = (typeof CONTENTS)[number]

const WORDS =
  'the of to and in that it is was for on with he as you do at this but his by from they we say her she or an will my one all would there their what so up out if about who get which go me when make can like time no just him know take people into year your good some could them see other than then now look only come its over think also back after use two how our work first well way even new want because any these give day most us'.split(
    ' ',
  )
const SYMBOLS = 20
/** Multiplier and increment of Numerical Recipes' generator: the same content in each run. */
const random = (seed: number) => Math.imul(seed, 1_664_525) + 1_013_904_223
const pick = (seed: number, count: number) => (random(random(random(seed))) >>> 8) % count

/** JSON text. */
export function contentOf(content: Content, number: number): string {
  return content === 'chat' ? chatMessage(number) : stateOf(number)
}

/** A sentence of 5 to 34 words, with the fields of a chat message. */
function chatMessage(number: number): string {
  const words = Array.from(
    { length: 5 + pick(number, 30) },
    (_, at) => WORDS[pick(number * 97 + at, WORDS.length)],
  )
  const id = (0x1_0000_0000 + (random(number * 31) >>> 0)).toString(36)
  return JSON.stringify({
    id,
    user: `user-${pick(number, 9)}`,
    at: 1_763_000_000_000 + number * 977,
    text: words.join(' '),
  })
}

/** Twenty prices, of which one changes with each message. */
function stateOf(number: number): string {
  const quotes = Array.from({ length: SYMBOLS }, (_, at) => {
    const changes = Math.floor((number + SYMBOLS - 1 - at) / SYMBOLS)
    const price = 1000 + at * 37 + pick(changes * SYMBOLS + at, 100) / 100
    return { symbol: `SYM${at}`, price, volume: 10_000 * (at + 1) + changes, open: 1000 + at * 37 }
  })
  return JSON.stringify({ sequence: number, quotes })
}
