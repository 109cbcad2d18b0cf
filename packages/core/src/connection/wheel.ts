/**
 * One timer for all connections of a node: slots of `tick` ms in a ring. A connection stands in one slot at most, found
 * again by two numbers that it carries, so joining and leaving cost O(1) and no object. (Varghese and Lauck, 1987,
 * "Hashed and Hierarchical Timing Wheels", scheme 5; delays beyond the ring come round again and are re-armed.)
 */
import type { Clock } from '../ports.ts'

export interface Timed {
  /** Where the wheel put it; -1: nowhere. Only the wheel writes these. */
  wheelSlot: number
  wheelIndex: number
  /** Due. Returns ms until it wants to be called again; 0: never. */
  onTimer(now: number): number
}

const SLOTS = 512
const TICK = 100

export class Wheel {
  readonly #clock: Clock
  readonly #slots: Timed[][] = Array.from({ length: SLOTS }, () => [])
  #size = 0
  #cursor = 0
  #cursorTime = 0
  #running = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Calls `item.onTimer` in `ms`, at most one tick late; replaces what was armed before. */
  arm(item: Timed, ms: number): void {
    this.disarm(item)
    this.#start()
    const ahead = this.#clock.monotonic() - this.#cursorTime
    const ticks = Math.min(SLOTS - 1, Math.max(1, Math.ceil((ahead + ms) / TICK)))
    const index = (this.#cursor + ticks) % SLOTS
    const slot = this.#slots[index] ?? []
    item.wheelSlot = index
    item.wheelIndex = slot.push(item) - 1
    this.#size++
  }

  disarm(item: Timed): void {
    if (item.wheelSlot < 0) return
    const slot = this.#slots[item.wheelSlot] ?? []
    const last = slot.pop()
    if (last !== undefined && last !== item) {
      slot[item.wheelIndex] = last
      last.wheelIndex = item.wheelIndex
    }
    item.wheelSlot = -1
    this.#size--
  }

  #start(): void {
    if (this.#running) return
    this.#running = true
    this.#cursorTime = this.#clock.monotonic()
    this.#clock.setTimeout(this.#turn, TICK)
  }

  /** Passes every slot whose time has come; after a pause of the process that may be many. */
  readonly #turn = (): void => {
    const now = this.#clock.monotonic()
    const passed = Math.min(SLOTS, Math.floor((now - this.#cursorTime) / TICK))
    for (let i = 0; i < passed; i++) this.#pass()
    this.#cursorTime = passed === SLOTS ? now : this.#cursorTime + passed * TICK
    this.#running = this.#size > 0
    if (this.#running) this.#clock.setTimeout(this.#turn, TICK)
  }

  #pass(): void {
    this.#cursor = (this.#cursor + 1) % SLOTS
    const due = this.#slots[this.#cursor] ?? []
    this.#slots[this.#cursor] = []
    for (const item of due) {
      item.wheelSlot = -1
      this.#size--
    }
    for (const item of due) {
      if (item.wheelSlot >= 0) continue
      const next = item.onTimer(this.#clock.now())
      if (next > 0 && item.wheelSlot < 0) this.arm(item, next)
    }
  }
}
