/** How long a client has to answer a close frame before its socket is destroyed. */
export const CLOSE_TIMEOUT_MS = 3000
