/**
 * Why a frame cannot be read, in plain words. Thrown inside the codecs and caught at their edge, never
 * beyond.
 */
export class Malformed extends Error {
  override readonly name = 'Malformed'
}

/** The plain reason of anything thrown while reading, so that no input can throw past a codec. */
export function reasonOf(error: unknown): string {
  if (error instanceof Malformed) return error.message
  // protobufjs reads behind the end of a message.
  if (error instanceof RangeError && error.message.startsWith('index out of range'))
    return 'truncated message'
  return `cannot be read: ${error instanceof Error ? error.message : String(error)}`
}

/** How a mistake names its command: ids are the client's own, so it can find the culprit. */
export function within<T>(id: number, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new Malformed(`${id === 0 ? 'command without id' : `command ${id}`}: ${reasonOf(error)}`)
  }
}
