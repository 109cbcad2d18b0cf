/**
 * The stamp of every measured message: `~`, its time (14 digits, microseconds of `clock.ts`), and its number
 * (8 digits). Fixed widths make it readable without a parse of the message.
 */
const TILDE = 0x7e
const TIME_DIGITS = 14
const NUMBER_DIGITS = 8
export const STAMP_LENGTH = 1 + TIME_DIGITS + NUMBER_DIGITS

export function stamp(micros: number, number: number): string {
  const time = Math.floor(micros).toString().padStart(TIME_DIGITS, '0')
  return `~${time}${(number % 10 ** NUMBER_DIGITS).toString().padStart(NUMBER_DIGITS, '0')}`
}

/** JSON of exactly `size` bytes around a stamp: the data of a message. */
export function stampedData(size: number, micros: number, number: number): string {
  const data = `{"t":"${stamp(micros, number)}","x":""}`
  return size <= data.length ? data : `${data.slice(0, -2)}${'x'.repeat(size - data.length)}"}`
}

/** The position of the next stamp in `bytes[from, end)`; -1: none. */
export function findStamp(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at + STAMP_LENGTH <= end; at++) {
    if (bytes[at] === TILDE && isDigit(bytes[at + 1]) && isDigit(bytes[at + STAMP_LENGTH - 1])) return at
  }
  return -1
}

export function stampTime(bytes: Uint8Array, at: number): number {
  return digits(bytes, at + 1, TIME_DIGITS)
}

export function stampNumber(bytes: Uint8Array, at: number): number {
  return digits(bytes, at + 1 + TIME_DIGITS, NUMBER_DIGITS)
}

function digits(bytes: Uint8Array, from: number, count: number): number {
  let value = 0
  for (let at = from; at < from + count; at++) value = value * 10 + ((bytes[at] ?? 0) - 0x30)
  return value
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}
