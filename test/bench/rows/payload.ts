/** Bytes of the data of a message, in every row without a size of its own. */
export const PAYLOAD = 100
