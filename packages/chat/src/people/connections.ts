/** What chat knows of this node's connections: which device each is. */
import type { ClientView } from '@skein/core'
import type { Payload } from '@skein/protocol'
import { type ChatContext, report } from '../context.ts'
import type { Presence } from './presence.ts'

interface Known {
  readonly device: string
  readonly name: string
  readonly displayName: string | undefined
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

  /** At connect: what the client says of its device, and the token of its user's name. */
  announce(client: string, data: Payload | undefined, displayName: string | undefined): void {
    this.#known.set(client, { ...deviceIn(client, data), displayName })
  }

  deviceOf(client: string): string {
    return this.#known.get(client)?.device ?? client
  }

  connected({ client, user }: ClientView): void {
    const known = this.#known.get(client)
    if (known === undefined) return
    this.#presence.soon(user)
    void this.#record(user, client, known).catch((error: unknown) => report(this.#chat, 'devices', error))
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

  async #record(user: string, client: string, { device, name, displayName }: Known): Promise<void> {
    const { people } = this.#chat.storage
    const seen = { device, name, lastSeen: this.#chat.clock.now() }
    await Promise.all([
      people.setDevice(user, seen, this.#chat.limits.devices),
      people.setConnection(user, { client, device, away: false }),
      displayName === undefined ? undefined : people.setName(user, displayName),
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

/** What does not fit counts as not said: a device without a name is no reason to refuse a connection. */
function deviceIn(client: string, data: Payload | undefined): { device: string; name: string } {
  const said = objectIn(data)
  const { device, deviceName } = said
  return {
    device: typeof device === 'string' && DEVICE.test(device) ? device : client,
    name: typeof deviceName === 'string' ? deviceName.slice(0, NAME_LENGTH) : '',
  }
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
