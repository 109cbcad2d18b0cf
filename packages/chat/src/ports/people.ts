export type Status = 'online' | 'away' | 'suspected' | 'offline'

/** The last published presence of a person. */
export interface PersonRecord {
  readonly status: Status
  /** Unix ms; absent while the person is present, or has never been. */
  readonly lastSeen?: number
  /** Unix ms of the change. */
  readonly at: number
  readonly rev: number
}

export interface Device {
  readonly device: string
  readonly name: string
  /** Unix ms. */
  readonly lastSeen: number
}

/** Chat's record of a connection. Core's sessions determine whether the connection is alive. */
export interface ChatConnection {
  readonly client: string
  readonly device: string
  readonly away: boolean
}

/** People, their devices and display names. */
export interface People {
  persons(users: readonly string[]): Promise<readonly (PersonRecord | undefined)[]>
  /** False when the record's `rev` is not `expected` (0: no record). */
  setPerson(user: string, person: PersonRecord, expected: number): Promise<boolean>
  /** The oldest beyond `most` are evicted. */
  setDevice(user: string, device: Device, most: number): Promise<void>
  removeDevice(user: string, device: string): Promise<void>
  devices(user: string): Promise<readonly Device[]>
  setConnection(user: string, connection: ChatConnection): Promise<void>
  removeConnections(user: string, clients: readonly string[]): Promise<void>
  connections(user: string): Promise<readonly ChatConnection[]>
  setName(user: string, name: string): Promise<void>
  names(users: readonly string[]): Promise<readonly (string | undefined)[]>
}
