/**
 * The text that the broker carries and stores for a publication: its JSON without the offset, on one line,
 * `data` first, so `json/publication.ts` can splice it. Bytes that are not JSON are in `b64data`.
 */
export { decodeEnvelope } from './envelope/decode.ts'
export { encodeEnvelope } from './envelope/encode.ts'
