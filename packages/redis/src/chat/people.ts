import type { ChatConnection, Device, People, PersonRecord } from '@skein/chat'
import { type Calls, USER_TTL_SECONDS } from './calls.ts'

export function redisPeople({ keys, run }: Calls): People {
  return {
    async persons(users) {
      const read = (key: string) => run('read a person', key, (client) => client.get(key))
      const texts = await Promise.all(users.map((user) => read(keys.person(user))))
      return texts.map((text) =>
        text === null ? undefined : (JSON.parse(text.slice(text.indexOf(' ') + 1)) as PersonRecord),
      )
    },
    async setPerson(user, person, expected) {
      const text = `${person.rev} ${JSON.stringify(person)}`
      const written = await run('write a person', keys.person(user), (client) =>
        client.personSet(keys.person(user), expected, text, USER_TTL_SECONDS),
      )
      return written === 1
    },
    async setDevice(user, device, most) {
      const { devices, deviceOrder } = keys.user(user)
      await run('remember a device', devices, (client) =>
        client.deviceSet(
          devices,
          deviceOrder,
          device.device,
          JSON.stringify(device),
          device.lastSeen,
          most,
          USER_TTL_SECONDS,
        ),
      )
    },
    async removeDevice(user, device) {
      const { devices, deviceOrder, delivered } = keys.user(user)
      await run('forget a device', devices, (client) =>
        Promise.all([
          client.hdel(devices, device),
          client.zrem(deviceOrder, device),
          client.unlink(delivered(device)),
        ]),
      )
    },
    async devices(user) {
      const texts = await run('list devices', keys.user(user).devices, (client) =>
        client.hvals(keys.user(user).devices),
      )
      return texts.map((text) => JSON.parse(text) as Device)
    },
    async setConnection(user, connection) {
      const { connections } = keys.user(user)
      await run('record a connection', connections, (client) =>
        Promise.all([
          client.hset(connections, connection.client, JSON.stringify(connection)),
          client.expire(connections, USER_TTL_SECONDS),
        ]),
      )
    },
    async removeConnections(user, clients) {
      if (clients.length === 0) return
      await run('remove connections', keys.user(user).connections, (client) =>
        client.hdel(keys.user(user).connections, ...clients),
      )
    },
    async connections(user) {
      const texts = await run('list connections', keys.user(user).connections, (client) =>
        client.hvals(keys.user(user).connections),
      )
      return texts.map((text) => JSON.parse(text) as ChatConnection)
    },
    async setName(user, name) {
      await run('set a name', keys.profiles, (client) => client.hset(keys.profiles, user, name))
    },
    async names(users) {
      if (users.length === 0) return []
      const names = await run('read names', keys.profiles, (client) => client.hmget(keys.profiles, ...users))
      return names.map((name) => name ?? undefined)
    },
  }
}
