/** Storage that survives the page: the part of the browsers' `Storage` that the client needs. */
export interface KeyValueStorage {
  readonly length: number
  key(index: number): string | null
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** Storage in the memory of the page or process. */
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

/** `localStorage` in browsers; memory elsewhere and where the browser denies access. */
export function defaultStorage(): KeyValueStorage {
  // Node's `localStorage` warns unless it has a file, and the document identifies browsers.
  if (typeof document === 'undefined') return memoryStorage()
  try {
    return localStorage
  } catch {
    // The user's settings deny storage. Unsent messages do not survive the page.
    return memoryStorage()
  }
}

/** A persistent id of this device. */
export function deviceId(storage: KeyValueStorage, make: () => string): string {
  const key = 'skein.device'
  const known = storage.getItem(key)
  if (known !== null) return known
  const fresh = make()
  storage.setItem(key, fresh)
  return fresh
}
