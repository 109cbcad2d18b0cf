/** The browser's storage, which may throw at any time: cookies blocked, quota exceeded, private mode. */

export interface Texts {
  get(key: string): string | null
  /** `null` removes the entry. */
  set(key: string, text: string | null): void
}

/** Texts in the storage that `open` returns, and in memory where it throws. Never throws. */
export function guarded(open: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): Texts {
  const memory = new Map<string, string>()
  return {
    get(key) {
      try {
        return memory.get(key) ?? open().getItem(key)
      } catch {
        return null // Blocked: only texts of this page are known.
      }
    },
    set(key, text) {
      memory.delete(key)
      try {
        if (text === null) open().removeItem(key)
        else open().setItem(key, text)
      } catch {
        if (text !== null) memory.set(key, text) // Blocked or full: the text lives as long as the page.
      }
    },
  }
}

/** Lives as long as the tab. */
export const tabTexts = guarded(() => sessionStorage)
/** Shared by all tabs of the browser. */
export const browserTexts = guarded(() => localStorage)
