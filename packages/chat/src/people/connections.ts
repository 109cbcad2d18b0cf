/**
 * This node's connections that use chat. A connection joins chat when it names its device at connect, or with
 * its first call. Chat keeps no state for plain publish/subscribe connections.
 */
import type { ClientView, Credentials } from '@skein/core'
import type { Payload } from '@skein/protocol'
import { type Caller, type ChatContext, report } from '../context.ts'
import { cleanName, demandUserId } from '../text/names.ts'
import type { Presence } from './presence.ts'

interface Known {
  readonly device: string
  readonly name: string
}

const DEVICE = /^[\x21-\x7e]{1,64}$/
const MAX_DEVICE_NAME_LENGTH = 80

export class Connections {
  readonly #chat: ChatContext
  readonly #presence: Presence
  readonly #known = new Map<string, Known>()

  constructor(chat: ChatContext, presence: Presence) {
    this.#chat = chat
    this.#presence = presence
  }

  /** To be called at connect. Throws `bad_name` for a deceptive user id or display name. */
  announce(client: string, credentials: Credentials | undefined, data: Payload | undefined): void {
    const device = deviceIn(data)
    if (device === undefined) return
    if (credentials !== undefined) demandNames(credentials.user, credentials)
    this.#known.set(client, device)
  }

  connected(view: ClientView): void {
    const known = this.#known.get(view.client)
    if (known !== undefined) this.#begin(view, known)
  }

  /** The caller on this connection. Throws `bad_name`, as {@link announce}. */
  caller(view: ClientView): Caller {
    const { client, user } = view
    const known = this.#known.get(client)
    if (known !== undefined) return { user, client, device: known.device }
    demandNames(user, view.credentials)
    const begun = { device: client, name: '' }
    this.#known.set(client, begun)
    this.#begin(view, begun)
    return { user, client, device: client }
  }

  /** The close `code` distinguishes a deliberate close from a lost connection. */
  disconnected({ client, user }: ClientView, code: number): void {
    const known = this.#known.get(client)
    if (known === undefined) return
    this.#presence.closed(user, client, saidGoodbye(code))
    void this.#lastSeen(user, client, known).catch((error: unknown) => report(this.#chat, 'devices', error))
  }

  forget(client: string): void {
    this.#known.delete(client)
  }

  #begin({ user, client, credentials }: ClientView, known: Known): void {
    this.#presence.soon(user)
    void this.#record(user, client, known, nameIn(credentials?.info)).catch((error: unknown) =>
      report(this.#chat, 'devices', error),
    )
  }

  async #record(user: string, client: string, known: Known, displayName: string | undefined): Promise<void> {
    const { people } = this.#chat.storage
    const { device, name } = known
    await Promise.all([
      people.setDevice(user, { device, name, lastSeen: this.#chat.clock.now() }, this.#chat.limits.devices),
      people.setConnection(user, { client, device, away: false }),
      displayName === undefined ? undefined : people.setName(user, cleanName(displayName)),
    ])
  }

  async #lastSeen(user: string, client: string, { device, name }: Known): Promise<void> {
    const { people } = this.#chat.storage
    await people.removeConnections(user, [client])
    const known = await people.devices(user)
    // The close of a signed-out device must not restore its record.
    if (!known.some((entry) => entry.device === device)) return
    await people.setDevice(
      user,
      { device, name, lastSeen: this.#chat.clock.now() },
      this.#chat.limits.devices,
    )
  }
}

/** True for a client's own close and for terminal codes. Other codes may mean a network failure. */
function saidGoodbye(code: number): boolean {
  return code === 1000 || code === 1001 || (code >= 3500 && code < 4000) || code >= 4500
}

/** Throws `bad_name`. */
function demandNames(user: string, credentials: Credentials | undefined): void {
  demandUserId(user)
  const name = nameIn(credentials?.info)
  if (name !== undefined) cleanName(name)
}

/** The member `name` of the token's `info`. */
function nameIn(info: string | undefined): string | undefined {
  if (info === undefined) return undefined
  const value: unknown = JSON.parse(info) // JSON text: see core's `Credentials`
  if (typeof value !== 'object' || value === null || !('name' in value)) return undefined
  return typeof value.name === 'string' ? value.name : undefined
}

/** `undefined` when the connect data has no valid device. */
function deviceIn(data: Payload | undefined): Known | undefined {
  const { device, deviceName } = objectIn(data)
  if (typeof device !== 'string' || !DEVICE.test(device)) return undefined
  return { device, name: typeof deviceName === 'string' ? deviceName.slice(0, MAX_DEVICE_NAME_LENGTH) : '' }
}

function objectIn(data: Payload | undefined): { readonly device?: unknown; readonly deviceName?: unknown } {
  if (data === undefined) return {}
  try {
    const value: unknown = JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {} // Not JSON: the data belongs to the application.
  }
}
