/** The default branch of every switch over a union: compiles only while all cases are handled. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
