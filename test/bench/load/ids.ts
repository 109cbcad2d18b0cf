/** Ids of commands are never used twice on a connection, and grow: over all jobs of this process. */
let last = 0

export function nextId(): number {
  return ++last
}
