/**
 * The interface of both codecs, which `json.ts` and `protobuf.ts` implement. No other module knows the
 * encodings.
 */
import type { Command, Envelope, Publication, Push, Reply } from './messages.ts'

/**
 * The decoded commands of untrusted bytes. After an error, `commands` are those before it and `reason`
 * describes it.
 */
export type Decoded =
  | { readonly ok: true; readonly commands: readonly Command[] }
  | { readonly ok: false; readonly commands: readonly Command[]; readonly reason: string }

/**
 * The decoded replies of a server, for test and bench clients. A `pub` push carries an envelope: see
 * `decodeEnvelope`.
 */
export type DecodedReplies =
  | { readonly ok: true; readonly messages: readonly ServerMessage[] }
  | { readonly ok: false; readonly messages: readonly ServerMessage[]; readonly reason: string }

export type ServerMessage =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'push'; readonly push: Push }

export interface Codec {
  /** Splits one WebSocket message into commands. Never throws. */
  decodeCommands(bytes: Uint8Array): Decoded
  /**
   * The bytes of one reply: a JSON line without newline, or a varint-delimited message. `undefined` when its
   * data cannot be encoded (bytes that are not JSON, for a JSON client).
   */
  encodeReply(reply: Reply): Uint8Array | undefined
  /** As {@link encodeReply}, for pushes. */
  encodePush(push: Push): Uint8Array | undefined
  /** Joins several encoded messages into one frame's payload. */
  join(messages: readonly Uint8Array[]): Uint8Array
  /** The client's direction, for tests and benchmarks. */
  encodeCommand(command: Command): Uint8Array
  decodeReplies(bytes: Uint8Array): DecodedReplies
}

/** Writes the text that the broker carries and stores. */
export type EncodeEnvelope = (publication: Omit<Publication, 'offset'>) => Envelope
/** Reads an envelope; `undefined` for a foreign or damaged message on the bus. */
export type DecodeEnvelope = (text: string, offset: number) => Publication | undefined
