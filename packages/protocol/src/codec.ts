/** What both codecs offer. `json.ts` and `protobuf.ts` implement it; nothing else knows how bytes look. */
import type { Command, Envelope, Publication, Push, Reply } from './messages.ts'

/**
 * What untrusted bytes held. `commands` are those that stood before the mistake; `reason` says it in plain
 * words.
 */
export type Decoded =
  | { readonly ok: true; readonly commands: readonly Command[] }
  | { readonly ok: false; readonly commands: readonly Command[]; readonly reason: string }

/**
 * What a server's bytes held, for clients made for tests and measurements. A `pub` push carries an envelope
 * again: `decodeEnvelope`.
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
   * The bytes of one reply: a JSON line without newline, or a varint-delimited message. `undefined` when data
   * in it has no form in this encoding (bytes that are not JSON, for a JSON client).
   */
  encodeReply(reply: Reply): Uint8Array | undefined
  /** As {@link encodeReply}, for what the server sends unasked. */
  encodePush(push: Push): Uint8Array | undefined
  /** Several encoded messages as one frame's payload. */
  join(messages: readonly Uint8Array[]): Uint8Array
  /** The client's side, for tests and measurements. */
  encodeCommand(command: Command): Uint8Array
  decodeReplies(bytes: Uint8Array): DecodedReplies
}

/** Writes the text that the broker keeps and carries. */
export type EncodeEnvelope = (publication: Omit<Publication, 'offset'>) => Envelope
/** Reads it back; `undefined` when it is no envelope (a foreign or damaged message on the bus). */
export type DecodeEnvelope = (text: string, offset: number) => Publication | undefined
