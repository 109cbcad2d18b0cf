/** Documents keep to the rules of CONTRIBUTING.md, "Language", as far as a pattern can see. */
import { describe, expect, it } from 'vitest'
import { DOCUMENTS, prose, read } from './documents.ts'

const RULED_OUT =
  /\b(tells?|told|untold|whoever|anew|by and by|lets? go of|so many at a time|takes? (its|their) time|as ever|in turn)\b/gi

/** A clause in place of a noun: "What cannot be written is not published." */
const OPENINGS = /(?:^|[.!?:]\s+|^[-*] |^\d+\. |\| )(?:What|Who|Whoever|So) (?!far\b)[^.|\n?]*\??/gm

/** Each match with the text around it. Questions may begin with What. */
const found = (text: string, pattern: RegExp): string[] =>
  [...prose(text).matchAll(pattern)]
    .filter(([match]) => !match.endsWith('?'))
    .map(({ 0: match, index }) => prose(text).slice(Math.max(0, index - 30), index + match.length + 20))

describe.each(DOCUMENTS)('%s', (document) => {
  const text = read(document)

  it('uses none of the words that are ruled out', () => {
    expect(found(text, RULED_OUT)).toEqual([])
  })

  it('begins no sentence with What, Who, Whoever or So', () => {
    expect(found(text, OPENINGS)).toEqual([])
  })
})
