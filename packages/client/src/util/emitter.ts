/** Typed events. `EventTarget` would wrap each event in an object. */
type Listener<T> = (event: T) => void

export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>()

  /** Returns the function that removes the listener. */
  on<K extends keyof Events>(kind: K, listener: Listener<Events[K]>): () => void {
    const listeners = this.#listeners.get(kind) ?? new Set()
    this.#listeners.set(kind, listeners.add(listener))
    return () => void listeners.delete(listener)
  }

  emit<K extends keyof Events>(kind: K, event: Events[K]): void {
    for (const listener of this.#listeners.get(kind) ?? []) (listener as Listener<Events[K]>)(event)
  }
}
