/** The user's devices and this device's presence. Every call rejects with `ChatError`. */
import type { CallServer } from '../calls.ts'
import { toChatError } from '../errors.ts'
import type { Device } from '../wire/shapes.ts'

export class Devices {
  readonly #call: CallServer
  #away = false

  constructor(call: CallServer) {
    this.#call = call
  }

  async list(): Promise<readonly Device[]> {
    const { devices } = await this.#call('chat.devices', {})
    return devices
  }

  /** Without `device`, signs out all other devices. */
  async signOut(device?: string): Promise<void> {
    await this.#call('chat.devices.signout', { device })
  }

  /** Sets whether the user is away from this device. Reported again after every reconnect. */
  setAway(away: boolean): void {
    if (away === this.#away) return
    this.#away = away
    this.#report()
  }

  /** The server assumes presence on a new connection. */
  online(): void {
    if (this.#away) this.#report()
  }

  #report(): void {
    // A report that is lost with the connection is repeated by `online`.
    this.#call('chat.presence.set', { status: this.#away ? 'away' : 'online' }).catch(toChatError)
  }
}
