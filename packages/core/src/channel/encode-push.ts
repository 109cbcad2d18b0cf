import { codecOf, type Encoding, type Push } from '@skein/protocol'
import type { Frame } from '../socket.ts'

/** `shared`: many connections receive it. `null`: the push has no form in this encoding. */
export function encodePush(encoding: Encoding, push: Push, shared: boolean): Frame | null {
  const payload = codecOf(encoding).encodePush(push)
  return payload === undefined ? null : { encoding, payload, shared }
}
