/**
 * What chat knows of this node's connections. A connection takes part in chat once it names its device at connect, or makes
 * its first call; until then, and for plain publish/subscribe clients for ever, chat does nothing and keeps nothing for it.
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
const NAME_LENGTH = 80

export class Connections {
  readonly #chat: ChatContext
  readonly #presence: Presence
  readonly #known = new Map<string, Known>()

  constructor(chat: ChatContext, presence: Presence) {
    this.#chat = chat
    this.#presence = presence
  }

  /** At connect. Throws `bad_name` for a user or a display name that would deceive others. */
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

  /** Who calls. Throws `bad_name`, as {@link announce}. */
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

  /** `code` as the connection ended: goodbye, or without a word. */
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
    // A device that was signed out is not brought back by its own end.
    if (!known.some((entry) => entry.device === device)) return
    await people.setDevice(
      user,
      { device, name, lastSeen: this.#chat.clock.now() },
      this.#chat.limits.devices,
    )
  }
}

/** A close frame from the client, or a close after which it does not come back; all else may be the network. */
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

/** `undefined` where the client says nothing of a device, or nothing that fits. */
function deviceIn(data: Payload | undefined): Known | undefined {
  const { device, deviceName } = objectIn(data)
  if (typeof device !== 'string' || !DEVICE.test(device)) return undefined
  return { device, name: typeof deviceName === 'string' ? deviceName.slice(0, NAME_LENGTH) : '' }
}

function objectIn(data: Payload | undefined): { readonly device?: unknown; readonly deviceName?: unknown } {
  if (data === undefined) return {}
  try {
    const value: unknown = JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {} // Bytes for the application, not for chat.
  }
}
