/**
 * The text that the broker keeps and carries for a publication: its JSON without the offset, on one line,
 * `data` first, so that `json/publication.ts` can splice it. Bytes that are no JSON stand as `b64data`.
 */
export { decodeEnvelope } from './envelope/decode.ts'
export { encodeEnvelope } from './envelope/encode.ts'
