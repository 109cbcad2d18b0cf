import { Malformed } from '../wire/malformed.ts'
import { isObject, type Source } from './read.ts'
import { skipSpace } from './scan.ts'

/** One line as an object. @throws Malformed */
export function parseLine(line: string): Source {
  const value = parse(line)
  if (!isObject(value)) throw new Malformed('not a JSON object')
  return { value, text: line, at: skipSpace(line, 0) }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // V8's words quote the input; the plain reason is enough for a close frame of 123 bytes.
    throw new Malformed('malformed JSON')
  }
}
