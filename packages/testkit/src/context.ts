/** The contexts that the SDK passes to its listeners, as one type: each field where the event has it. */
import type { ClientInfo, StreamPosition } from 'centrifuge'
import { type Data, decodeData } from './data.ts'

export interface Context {
  readonly channel?: string
  readonly code?: number
  readonly reason?: string
  readonly client?: string
  readonly data?: Data | undefined
  readonly info?: ClientInfo
  readonly type?: string
  readonly error?: { readonly code: number; readonly message: string }
  readonly offset?: number
  readonly tags?: Readonly<Record<string, string>>
  readonly recoverable?: boolean
  readonly positioned?: boolean
  readonly wasRecovering?: boolean
  readonly recovered?: boolean
  readonly hasRecoveredPublications?: boolean
  readonly streamPosition?: StreamPosition
}

/** A copy with `data` decoded, and `info.connInfo`, `info.chanInfo` too. */
export function readContext(context: object): Context {
  const copy: Record<string, unknown> = { ...context }
  if ('data' in context) Object.assign(copy, { data: decodeData(context.data) })
  if ('info' in context) Object.assign(copy, { info: readInfo(context.info as ClientInfo | undefined) })
  return copy
}

/** The same with values instead of bytes. */
export function readInfo(info: ClientInfo | undefined): ClientInfo | undefined {
  if (info === undefined) return undefined
  return { ...info, connInfo: decodeData(info.connInfo), chanInfo: decodeData(info.chanInfo) }
}
