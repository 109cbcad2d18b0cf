/** Where what must outlive the page is kept: the members of the browsers' `Storage` that are used. */
export interface KeyValueStorage {
  readonly length: number
  key(index: number): string | null
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** Ends with the process. */
export function memoryStorage(): KeyValueStorage {
  const entries = new Map<string, string>()
  return {
    get length() {
      return entries.size
    },
    key: (index) => [...entries.keys()][index] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  }
}

/** `localStorage` in browsers, memory elsewhere and where the browser denies it. */
export function defaultStorage(): KeyValueStorage {
  // Node has a localStorage too, but warns unless it was given a file; the document tells browsers apart.
  if (typeof document === 'undefined') return memoryStorage()
  try {
    return localStorage
  } catch {
    // Storage is denied by the user's settings: sending works, but does not outlive the page.
    return memoryStorage()
  }
}

/** A name for this device that stays. */
export function deviceId(storage: KeyValueStorage, make: () => string): string {
  const key = 'skein.device'
  const known = storage.getItem(key)
  if (known !== null) return known
  const fresh = make()
  storage.setItem(key, fresh)
  return fresh
}
