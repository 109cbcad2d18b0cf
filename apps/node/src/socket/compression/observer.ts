/** Observer and options that the compressor and the decompressor share. */

/** Reason of a rejected compressed frame. */
export type RefusedReason = 'size' | 'damaged'

/** Notified for the metrics. Sizes in bytes, without WebSocket headers. */
export interface CompressionObserver {
  deflated(before: number, after: number): void
  inflateRefused(reason: RefusedReason): void
}

export interface CompressionOptions {
  /** Maximum size of a client's message, bytes: compressed and inflated. */
  readonly maxFrame: number
  readonly observer: CompressionObserver
}
