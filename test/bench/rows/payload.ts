/** Bytes of the data of a message, in every row that does not say otherwise. */
export const PAYLOAD = 100
