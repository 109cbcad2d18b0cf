/** A storage whose node dies at a step: from call number n on it never replies, as with a killed process. */
import type { Broker, Cluster } from '@skein/core'
import type { ChatStorage } from '../ports.ts'

export class Killed extends Error {
  override readonly name = 'Killed'
}

export interface Fault {
  readonly storage: ChatStorage
  /** The cluster; each publish counts as a step too. */
  cluster(of: Cluster): Cluster
  /** Number of calls. */
  readonly calls: readonly string[]
  /** Dies after this number of further calls. */
  dieAfter(calls: number): void
  readonly dead: boolean
}

export function faulty(storage: ChatStorage, onDeath: () => void): Fault {
  const calls: string[] = []
  let left = Number.POSITIVE_INFINITY
  let dead = false
  const guard = (name: string): void => {
    calls.push(name)
    if (!dead && left-- <= 0) {
      dead = true
      onDeath()
    }
    if (dead) throw new Killed(`the node was killed before ${name}`)
  }
  const wrapped = Object.fromEntries(
    Object.entries(storage).map(([port, value]) => [
      port,
      typeof value === 'object' ? guarded(port, value as object, guard) : value,
    ]),
  )
  return {
    storage: wrapped as unknown as ChatStorage,
    cluster: (of) => ({ ...of, broker: guardedBroker(of.broker, guard) }),
    calls,
    dieAfter: (count) => {
      left = count
    },
    get dead() {
      return dead
    },
  }
}

function guarded(port: string, target: object, guard: (name: string) => void): object {
  const methods = Object.entries(target).map(([name, method]) => [
    name,
    async (...args: unknown[]) => {
      guard(`${port}.${name}`)
      return (method as (...args: unknown[]) => unknown).apply(target, args)
    },
  ])
  return Object.fromEntries(methods)
}

function guardedBroker(broker: Broker, guard: (name: string) => void): Broker {
  return {
    ...broker,
    publish: async (channel, envelope, options) => {
      guard(`publish ${channel}`)
      return broker.publish(channel, envelope, options)
    },
  }
}
