export interface Replaced {
  readonly text: string
  /** Behind the insertion. */
  readonly caret: number
}

/** The text with `insertion` in place of the selection from `start` to `end`, in UTF-16 units. */
export function replaceSelection(text: string, start: number, end: number, insertion: string): Replaced {
  return { text: text.slice(0, start) + insertion + text.slice(end), caret: start + insertion.length }
}
