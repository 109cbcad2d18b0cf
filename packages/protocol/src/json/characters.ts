/** The syntax characters of JSON, as character codes. */
export const QUOTE = 0x22
export const BACKSLASH = 0x5c
export const COMMA = 0x2c
export const COLON = 0x3a
export const MINUS = 0x2d
export const OPEN_BRACE = 0x7b
export const CLOSE_BRACE = 0x7d
export const OPEN_BRACKET = 0x5b
export const CLOSE_BRACKET = 0x5d
/** Of `true`, `false` and `null`. */
export const T = 0x74
export const F = 0x66
export const N = 0x6e

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
