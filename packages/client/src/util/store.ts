/** A value that is replaced, never changed, and tells when: what `useSyncExternalStore` of React wants. */
export interface Readable<T> {
  /** The same object until something changes. */
  get(): T
  /** Calls after each change; returns what ends it. */
  subscribe(listener: () => void): () => void
}

export class Store<T> implements Readable<T> {
  #value: T
  readonly #listeners = new Set<() => void>()

  constructor(value: T) {
    this.#value = value
  }

  readonly get = (): T => this.#value

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return
    this.#value = value
    for (const listener of [...this.#listeners]) listener()
  }
}

/** What is to be told at the end of this turn. */
const due = new Set<() => void>()

/**
 * Tells it once, after all that this turn brings: a hundred messages that arrive together are one change to who looks. A
 * microtask would be too early, as the SDK takes each message in one of its own.
 */
function tellLater(tell: () => void): void {
  if (due.size === 0) setTimeout(tellAll, 0)
  due.add(tell)
}

function tellAll(): void {
  const now = [...due]
  due.clear()
  for (const tell of now) tell()
}

/** A store whose value is computed when it is asked for, once per change: cheap while nobody looks. */
export class Computed<T> implements Readable<T> {
  readonly #compute: () => T
  readonly #listeners = new Set<() => void>()
  #cached: { readonly value: T } | undefined

  constructor(compute: () => T) {
    this.#compute = compute
  }

  readonly get = (): T => {
    this.#cached ??= { value: this.#compute() }
    return this.#cached.value
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** What it was computed from has changed. */
  readonly changed = (): void => {
    this.#cached = undefined
    if (this.#listeners.size > 0) tellLater(this.#tell)
  }

  readonly #tell = (): void => {
    for (const listener of [...this.#listeners]) listener()
  }
}
