/** Tells the bench which port was picked. */
export function ready(port: number): void {
  process.send?.({ port })
}

export function redisUrl(): string {
  return argument(0, 'redis://…')
}

/** What the bench told this program, by position. */
export function argument(at: number, what: string): string {
  const value = process.argv[2 + at]
  if (value === undefined) throw new Error(`argument ${at + 1} is missing: ${what}`)
  return value
}

/** A peer lives as long as the bench. */
process.on('disconnect', () => process.exit(0))
