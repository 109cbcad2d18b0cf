/** Picks the parts of a local cluster: the first available of URL, binary, container, built-in. Pure. */
import type { Machine } from './machine.ts'
import type { UpOptions } from './options.ts'

export type BrokerPart =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'binary'; readonly path: string }
  | { readonly kind: 'docker' }
  | { readonly kind: 'embedded'; readonly asked: boolean }

export type FrontPart =
  | { readonly kind: 'binary'; readonly path: string }
  | { readonly kind: 'docker' }
  /** The built-in listener, which forwards connections round robin. */
  | { readonly kind: 'listener' }

export interface Plan {
  readonly broker: BrokerPart
  readonly front: FrontPart
}

export function pick(options: UpOptions, machine: Machine): Plan {
  const broker = pickBroker(options, machine)
  // Embedded nodes share one process, so only its own listener can be their front.
  return { broker, front: broker.kind === 'embedded' ? { kind: 'listener' } : pickFront(machine) }
}

function pickBroker({ embedded, redisUrl }: UpOptions, machine: Machine): BrokerPart {
  if (embedded) return { kind: 'embedded', asked: true }
  if (redisUrl !== undefined) return { kind: 'url', url: redisUrl }
  if (machine.redisServer !== undefined) return { kind: 'binary', path: machine.redisServer }
  if (machine.docker) return { kind: 'docker' }
  return { kind: 'embedded', asked: false }
}

function pickFront(machine: Machine): FrontPart {
  if (machine.nginx !== undefined) return { kind: 'binary', path: machine.nginx }
  return machine.docker ? { kind: 'docker' } : { kind: 'listener' }
}

/** The command that installs Redis and nginx on this machine. */
export function installHint(platform: NodeJS.Platform, hasApt: boolean): string {
  if (platform === 'darwin') return 'brew install redis nginx'
  if (hasApt) return 'sudo apt-get install -y --no-install-recommends redis-server nginx'
  return 'install redis (7.0 or newer) and nginx with your package manager, or start Docker'
}
