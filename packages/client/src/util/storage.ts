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

/**
 * The storage with reads and removals that never throw, as a browser's do when the user blocks storage at any
 * time. A failed read finds nothing. `setItem` still throws, so the caller knows that the value is not kept.
 */
export function tolerantStorage(storage: KeyValueStorage): KeyValueStorage {
  const attempt = <T>(read: () => T, otherwise: T): T => {
    try {
      return read()
    } catch {
      return otherwise // Blocked by the browser: the same as an empty storage.
    }
  }
  return {
    get length() {
      return attempt(() => storage.length, 0)
    },
    key: (index) => attempt(() => storage.key(index), null),
    getItem: (key) => attempt(() => storage.getItem(key), null),
    setItem: (key, value) => storage.setItem(key, value),
    removeItem: (key) => attempt(() => storage.removeItem(key), undefined),
  }
}

/** A persistent id of this device, or one for this page if storage rejects it. */
export function deviceId(storage: KeyValueStorage, make: () => string): string {
  const key = 'skein.device'
  const known = storage.getItem(key)
  if (known !== null) return known
  const fresh = make()
  try {
    storage.setItem(key, fresh)
  } catch {
    // Blocked or full: the device gets another id with the next page.
  }
  return fresh
}
