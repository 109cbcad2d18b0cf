/** The ports of one node over a {@link MemoryBus}. */
import type { Broker, Clock, Cluster, Control, Membership, Presence, Sessions } from '../ports.ts'
import { Unavailable } from '../ports.ts'
import type { MemoryBus, Seat } from './bus.ts'

export interface MemoryClusterOptions {
  readonly name: string
  readonly clock: Clock
}

export function createMemoryCluster(bus: MemoryBus, options: MemoryClusterOptions): Cluster {
  const seat = bus.seat(options.clock)
  return {
    broker: broker(bus, seat, options.clock),
    presence: presence(bus, seat),
    sessions: sessions(bus, seat),
    membership: membership(bus, seat),
    control: control(bus, seat),
    health: async () =>
      seat.cut ? { ok: false, reason: `${options.name} cannot reach the memory bus` } : { ok: true },
    close: async () => bus.detach(seat),
  }
}

function broker(bus: MemoryBus, seat: Seat, clock: Clock): Broker {
  return {
    listen(listener) {
      seat.listener = listener
    },
    async subscribe(channel) {
      bus.reach(seat)
      seat.interest.add(channel)
    },
    async unsubscribe(channel) {
      seat.interest.delete(channel)
    },
    async publish(channel, envelope, options) {
      bus.reach(seat)
      if (options.durability === 'replicated') {
        throw new Unavailable('the embedded broker has no replicas: set durability to "primary"')
      }
      return bus.publish(channel, envelope, options, clock)
    },
    async history(channel, filter) {
      bus.reach(seat)
      return bus.streams.page(channel, filter, clock.now())
    },
    async positions(channels) {
      bus.reach(seat)
      return channels.map((channel) => {
        const stream = bus.streams.find(channel, clock.now())
        return stream && { offset: stream.offset, epoch: stream.epoch }
      })
    },
    async removeHistory(channel) {
      bus.reach(seat)
      bus.streams.find(channel, clock.now())?.clear()
    },
  }
}

function presence(bus: MemoryBus, seat: Seat): Presence {
  const isLive = (uid: string) => bus.isLive(uid)
  return {
    async add(channel, info, announce, grace = 0) {
      bus.reach(seat)
      assertNotOver(seat)
      if (bus.presence.add(channel, seat.uid, { info, announce, grace }) && announce)
        bus.joined(channel, info)
    },
    async remove(channel, info, announce, grace = 0) {
      bus.reach(seat)
      bus.gone(seat, channel, info.client, announce, grace)
    },
    async list(channel, suspected) {
      bus.reach(seat)
      return bus.presence.list(channel, isLive, suspected)
    },
    async stats(channel, suspected) {
      bus.reach(seat)
      return bus.presence.stats(channel, isLive, suspected)
    },
  }
}

function sessions(bus: MemoryBus, seat: Seat): Sessions {
  return {
    async add(session) {
      bus.reach(seat)
      assertNotOver(seat)
      bus.sessions.add({ ...session, node: seat.uid })
    },
    async remove(user, client) {
      bus.reach(seat)
      bus.sessions.remove(user, client)
    },
    async list(user) {
      bus.reach(seat)
      return bus.sessions.list(user).filter((session) => bus.isLive(session.node))
    },
  }
}

/** After the end of an incarnation `join` begins a new one, with a new `uid`. */
function membership(bus: MemoryBus, seat: Seat): Membership {
  return {
    get uid() {
      return seat.uid
    },
    async join(describe, onLost) {
      bus.reach(seat)
      if (seat.expired) seat.uid = bus.newId()
      seat.expired = false
      seat.describe = describe
      seat.onLost = onLost
    },
    async nodes() {
      bus.reach(seat)
      return bus.seats().flatMap((other) => (other.expired || !other.describe ? [] : [other.describe()]))
    },
    async leave() {
      bus.reach(seat)
      bus.end(seat)
    },
  }
}

function control(bus: MemoryBus, seat: Seat): Control {
  return {
    listen(listener) {
      seat.onControl = listener
    },
    async send(message) {
      bus.reach(seat)
      bus.control(message)
    },
  }
}

function assertNotOver(seat: Seat): void {
  if (seat.expired) throw new Unavailable('this incarnation is over: its lease expired or was released')
}
