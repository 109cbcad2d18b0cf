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
    for (const listener of [...this.#listeners]) listener()
  }
}
