import type { ChatConnection, Device, People, PersonRecord } from '../ports.ts'

export function memoryPeople(): People {
  const persons = new Map<string, PersonRecord>()
  const devices = new Map<string, Map<string, Device>>()
  const connections = new Map<string, Map<string, ChatConnection>>()
  const names = new Map<string, string>()
  return {
    async persons(users) {
      return users.map((user) => persons.get(user))
    },
    async setPerson(user, person, expected) {
      if ((persons.get(user)?.rev ?? 0) !== expected) return false
      persons.set(user, person)
      return true
    },
    async setDevice(user, device, most) {
      const own = [...(devices.get(user)?.values() ?? [])].filter((entry) => entry.device !== device.device)
      const latest = [...own, device].sort((a, b) => b.lastSeen - a.lastSeen).slice(0, most)
      devices.set(user, new Map(latest.map((entry) => [entry.device, entry])))
    },
    async removeDevice(user, device) {
      devices.get(user)?.delete(device)
    },
    async devices(user) {
      return [...(devices.get(user)?.values() ?? [])]
    },
    async setConnection(user, connection) {
      const own = connections.get(user) ?? new Map<string, ChatConnection>()
      connections.set(user, own.set(connection.client, connection))
    },
    async removeConnections(user, clients) {
      const own = connections.get(user)
      for (const client of clients) own?.delete(client)
      if (own?.size === 0) connections.delete(user)
    },
    async connections(user) {
      return [...(connections.get(user)?.values() ?? [])]
    },
    async setName(user, name) {
      names.set(user, name)
    },
    async names(users) {
      return users.map((user) => names.get(user))
    },
  }
}
