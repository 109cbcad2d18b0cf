import { Malformed } from '../wire/malformed.ts'
import { OPEN_BRACE } from './characters.ts'
import { isJson } from './is-json.ts'
import type { Source } from './read.ts'
import { skipSpace } from './scan.ts'

/** Reads one line, whose UTF-8 form is `bytes`, as an object. @throws Malformed */
export function parseLine(line: string, bytes: Uint8Array): Source {
  if (!isJson(bytes)) throw new Malformed('malformed JSON')
  const at = skipSpace(line, 0)
  if (line.charCodeAt(at) !== OPEN_BRACE) throw new Malformed('not a JSON object')
  return { text: line, at }
}
