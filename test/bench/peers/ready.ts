/** Tells the bench which port was picked. */
export function ready(port: number): void {
  process.send?.({ port })
}

export function redisUrl(): string {
  const url = process.argv[2]
  if (url === undefined) throw new Error('usage: <peer>.ts redis://…')
  return url
}

/** A peer lives as long as the bench. */
process.on('disconnect', () => process.exit(0))
