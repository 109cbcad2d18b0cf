/**
 * Characters that draw nothing: white space, default ignorables (zero-width, Hangul fillers), blank Braille.
 */
const INVISIBLE = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]/gu

/** True when a text would show at least one character. */
export function isVisible(text: string): boolean {
  return text.replace(INVISIBLE, '') !== ''
}
