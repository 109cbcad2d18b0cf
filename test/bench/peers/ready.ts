/** Reports the port to the bench. */
export function ready(port: number): void {
  process.send?.({ port })
}

export function redisUrl(): string {
  return argument(0, 'redis://…')
}

/** An argument of this program, by position. */
export function argument(at: number, what: string): string {
  const value = process.argv[2 + at]
  if (value === undefined) throw new Error(`argument ${at + 1} is missing: ${what}`)
  return value
}

/** A peer exits with the bench. */
process.on('disconnect', () => process.exit(0))
