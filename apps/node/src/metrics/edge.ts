/** Events of the edges of this process, which core does not see. */
export interface EdgeMetrics {
  handshakeRefused(reason: string): void
  socketError(code: string): void
  /** A publication, or a batch for several connections. Bytes before and after. */
  deflated(before: number, after: number): void
  inflateRefused(reason: string): void
  /** `error` 0: success. */
  apiCalled(method: string, error: number, seconds: number): void
}
