/** The devices of this user, and this device's own presence. All reject with `ChatError`. */
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

  /** Without a device: all but this one. */
  async signOut(device?: string): Promise<void> {
    await this.#call('chat.devices.signout', { device })
  }

  /** Whether somebody sits in front of this device. Told again after every reconnect. */
  setAway(away: boolean): void {
    if (away === this.#away) return
    this.#away = away
    this.#report()
  }

  /** A new connection is taken for one of somebody who is there. */
  online(): void {
    if (this.#away) this.#report()
  }

  #report(): void {
    // Lost with the connection: `online` tells it again.
    this.#call('chat.presence.set', { status: this.#away ? 'away' : 'online' }).catch(toChatError)
  }
}
