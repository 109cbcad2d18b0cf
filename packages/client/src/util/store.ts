/**
 * A value that is replaced and never mutated, with notification: the shape that React's
 * `useSyncExternalStore` needs.
 */
export interface Readable<T> {
  /** The same object until something changes. */
  get(): T
  /** Calls `listener` after each change; returns the function that unsubscribes. */
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

/**
 * A store that computes its value on the first `get` after a change. It notifies its listeners once, at the
 * end of the turn: a hundred messages that arrive together are one notification. A microtask would be too
 * early, since the SDK handles each message in a microtask of its own.
 */
export class Computed<T> implements Readable<T> {
  readonly #compute: () => T
  readonly #listeners = new Set<() => void>()
  #cached: { readonly value: T } | undefined
  #notifying = false

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

  /** To be called when the inputs of the computation have changed. */
  readonly changed = (): void => {
    this.#cached = undefined
    if (this.#notifying || this.#listeners.size === 0) return
    this.#notifying = true
    setTimeout(this.#notify, 0)
  }

  readonly #notify = (): void => {
    this.#notifying = false
    for (const listener of [...this.#listeners]) listener()
  }
}
