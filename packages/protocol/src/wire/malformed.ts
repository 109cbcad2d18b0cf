/** The reason why a frame is malformed. Thrown within the codecs and caught at their edge. */
export class Malformed extends Error {
  override readonly name = 'Malformed'
}

/** The reason of any error that reading throws, so no input can throw past a codec. */
export function reasonOf(error: unknown): string {
  if (error instanceof Malformed) return error.message
  // protobufjs read past the end of a message.
  if (error instanceof RangeError && error.message.startsWith('index out of range'))
    return 'truncated message'
  return `cannot be read: ${error instanceof Error ? error.message : String(error)}`
}

/** Prefixes an error with the command's id, which the client assigned. */
export function within<T>(id: number, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new Malformed(`${id === 0 ? 'command without id' : `command ${id}`}: ${reasonOf(error)}`)
  }
}
