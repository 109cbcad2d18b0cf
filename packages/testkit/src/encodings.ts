/** For `describe.each`: a test that holds in one encoding must hold in the other. */
import type { Encoding } from '@skein/protocol'

export const ENCODINGS = ['json', 'protobuf'] as const satisfies readonly Encoding[]

let made = 0

/** A channel that no other test of this run uses. */
export function freshChannel(namespace: string): string {
  made += 1
  return `${namespace}:${process.pid.toString(36)}-${Date.now().toString(36)}-${made}`
}

/** A user that no other test of this run uses. */
export function freshUser(name: string): string {
  made += 1
  return `${name}-${process.pid.toString(36)}-${made}`
}
