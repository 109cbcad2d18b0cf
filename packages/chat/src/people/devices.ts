/** A user's devices, their connections, and signing out. */
import type { Session } from '@skein/core'
import { type Caller, type ChatContext, report } from '../context.ts'
import { ChatError } from '../errors.ts'

/** A terminal code (4500 to 4999), after which SDKs do not reconnect. */
export const SIGNED_OUT = { code: 4501, reason: 'signed out' } as const

export interface DeviceView {
  readonly device: string
  readonly name: string
  readonly connected: boolean
  readonly lastSeen: number
  readonly current: boolean
}

export async function listDevices(chat: ChatContext, caller: Caller): Promise<DeviceView[]> {
  const [devices, live] = await Promise.all([
    chat.storage.people.devices(caller.user),
    liveConnections(chat, caller.user),
  ])
  const now = chat.clock.now()
  return devices.map(({ device, name, lastSeen }) => {
    const connected = live.some((connection) => connection.device === device)
    return {
      device,
      name,
      connected,
      lastSeen: connected ? now : lastSeen,
      current: device === caller.device,
    }
  })
}

/** A session with the device that its connection named. */
export interface SessionView extends Session {
  readonly device?: string
  readonly deviceName?: string
}

/** All sessions of a user, connections that do not use chat included. */
export async function listSessions(chat: ChatContext, user: string): Promise<SessionView[]> {
  const { people } = chat.storage
  const [sessions, connections, devices] = await Promise.all([
    chat.node.sessions(user),
    people.connections(user),
    people.devices(user),
  ])
  return sessions.map((session) => {
    const device = connections.find(({ client }) => client === session.client)?.device
    const deviceName = devices.find((known) => known.device === device)?.name
    return { ...session, ...(device !== undefined && { device }), ...(deviceName && { deviceName }) }
  })
}

/** Ends the connections of one device, or of all but the caller's. Throws `unknown_device`. */
export async function signOut(chat: ChatContext, caller: Caller, device: string | undefined): Promise<void> {
  const { people } = chat.storage
  const known = (await people.devices(caller.user)).map((entry) => entry.device)
  const meant = known.filter((name) => (device === undefined ? name !== caller.device : name === device))
  if (device !== undefined && meant.length === 0) throw new ChatError('unknown_device')
  const live = await liveConnections(chat, caller.user)
  // The record goes first, so the close of a connection cannot restore it.
  await Promise.all(meant.map((name) => people.removeDevice(caller.user, name)))
  for (const connection of live) {
    if (!meant.includes(connection.device)) continue
    await chat.node.disconnect({ user: caller.user, client: connection.client }, SIGNED_OUT)
  }
}

/** The user's live chat connections. Removes records of connections that core no longer has. */
async function liveConnections(chat: ChatContext, user: string) {
  const { people } = chat.storage
  const [connections, sessions] = await Promise.all([people.connections(user), chat.node.sessions(user)])
  const clients = new Set(sessions.map(({ client }) => client))
  const dead = connections.filter(({ client }) => !clients.has(client)).map(({ client }) => client)
  if (dead.length > 0) {
    await people
      .removeConnections(user, dead)
      .catch((error: unknown) => report(chat, 'removal of connections', error))
  }
  return connections.filter(({ client }) => clients.has(client))
}
