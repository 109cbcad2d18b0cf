/** Strings, booleans and numbers in a text that `isJson` has accepted: `start` to `end` is the value. */
import { Malformed } from '../wire/malformed.ts'
import { F, isDigit, MINUS, QUOTE, T } from './characters.ts'

const RANGES = {
  uint32: [0, 2 ** 32 - 1, 'an integer from 0 to 4294967295'],
  int32: [-(2 ** 31), 2 ** 31 - 1, 'a 32-bit integer'],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'an integer within 2^53'],
  uint64: [0, Number.MAX_SAFE_INTEGER, 'an integer from 0 to 2^53-1'],
} as const

/** V8 copies a slice of up to 12 characters; a longer slice keeps the whole frame in memory. */
const MAX_COPIED_SLICE = 12

/** @throws Malformed */
export function readString(wire: string, text: string, start: number, end: number): string {
  if (text.charCodeAt(start) !== QUOTE) throw new Malformed(`${wire} must be a string`)
  const inner = text.slice(start + 1, end - 1)
  if (inner.length <= MAX_COPIED_SLICE && !inner.includes('\\')) return inner
  return JSON.parse(text.slice(start, end))
}

/** @throws Malformed */
export function readBoolean(wire: string, text: string, start: number): boolean {
  const code = text.charCodeAt(start)
  if (code !== T && code !== F) throw new Malformed(`${wire} must be true or false`)
  return code === T
}

/** @throws Malformed */
export function readInteger(
  kind: keyof typeof RANGES,
  wire: string,
  text: string,
  start: number,
  end: number,
): number {
  const [low, high, words] = RANGES[kind]
  const value = numberAt(text, start, end)
  if (Number.isInteger(value) && value >= low && value <= high) return value
  throw new Malformed(`${wire} must be ${words}`)
}

/** Returns NaN when the value is not a number. */
function numberAt(text: string, start: number, end: number): number {
  const first = text.charCodeAt(start)
  if (first !== MINUS && !isDigit(first)) return Number.NaN
  // Fifteen digits are always exact.
  if (end - start > 15) return Number(text.slice(start, end))
  let value = 0
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i)
    if (!isDigit(code)) return Number(text.slice(start, end))
    value = value * 10 + code - 0x30
  }
  return value
}
