/**
 * One timer for all connections of a node: a ring of slots of 100 ms. A connection is in one slot at most and
 * carries its position, so arming and disarming cost O(1) and no object. Varghese and Lauck, 1987, "Hashed
 * and Hierarchical Timing Wheels", scheme 5; an item whose delay exceeds the ring is due early and arms
 * itself again.
 */
import type { Clock } from '../ports.ts'

export interface Timed {
  /** The position in the wheel; -1: not armed. Only the wheel writes it. */
  wheelSlot: number
  wheelIndex: number
  /** Returns the ms until the next call; 0: none. */
  onTimer(now: number): number
}

const SLOT_COUNT = 512
const TICK_MS = 100

export class Wheel {
  readonly #clock: Clock
  readonly #slots: Timed[][] = Array.from({ length: SLOT_COUNT }, () => [])
  #size = 0
  #cursor = 0
  #cursorTime = 0
  #running = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Calls `item.onTimer` in `ms`, at most one tick late. Replaces an earlier call. */
  arm(item: Timed, ms: number): void {
    this.disarm(item)
    this.#start()
    const ahead = this.#clock.monotonic() - this.#cursorTime
    const ticks = Math.min(SLOT_COUNT - 1, Math.max(1, Math.ceil((ahead + ms) / TICK_MS)))
    const index = (this.#cursor + ticks) % SLOT_COUNT
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
    this.#clock.setTimeout(this.#turn, TICK_MS)
  }

  /** Passes every slot that is due: many after a pause of the process. */
  readonly #turn = (): void => {
    const now = this.#clock.monotonic()
    const passed = Math.min(SLOT_COUNT, Math.floor((now - this.#cursorTime) / TICK_MS))
    for (let i = 0; i < passed; i++) this.#pass()
    this.#cursorTime = passed === SLOT_COUNT ? now : this.#cursorTime + passed * TICK_MS
    this.#running = this.#size > 0
    if (this.#running) this.#clock.setTimeout(this.#turn, TICK_MS)
  }

  #pass(): void {
    this.#cursor = (this.#cursor + 1) % SLOT_COUNT
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
