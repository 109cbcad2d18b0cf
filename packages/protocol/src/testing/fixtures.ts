/** Reads the text files of `fixtures/`, whose README describes the format. */
import { readFileSync } from 'node:fs'

export interface Fixture {
  readonly name: string
  readonly frame: Uint8Array
  readonly messages: readonly unknown[]
  readonly reason: string | undefined
}

export function fixtures(file: string): Fixture[] {
  const text = readFileSync(new URL(`../../fixtures/${file}`, import.meta.url), 'utf8')
  return text.trim().split(/\n\n+/).map(parse)
}

function parse(block: string): Fixture {
  const lines = block.split('\n')
  const of = (mark: string) =>
    lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length + 1))
  const [name] = of('#')
  if (name === undefined) throw new Error(`a fixture without name: ${block}`)
  return { name, frame: frameOf(of('<'), of('x')), messages: of('=').map(parseMessage), reason: of('!')[0] }
}

function frameOf(lines: readonly string[], hex: readonly string[]): Uint8Array {
  if (lines.length > 0) return new TextEncoder().encode(lines.join('\n'))
  return Uint8Array.from(Buffer.from(hex.join('').replaceAll(' ', ''), 'hex'))
}

function parseMessage(line: string): unknown {
  return JSON.parse(line, (_key, value) =>
    typeof value?.$hex === 'string' ? new Uint8Array(Buffer.from(value.$hex, 'hex')) : value,
  )
}
