/**
 * TCP buffers of a few kilobytes, so that a client that stops reading is detected soon: by default the kernel
 * takes megabytes. For a network namespace of its own, and for connections made from then on.
 */
import { readFile, writeFile } from 'node:fs/promises'

const FILES = ['/proc/sys/net/ipv4/tcp_rmem', '/proc/sys/net/ipv4/tcp_wmem']
/** Least, initial and most, bytes. */
const SMALL = '4096 16384 65536'

/** Resolves with the function that restores the usual sizes. */
export async function smallBuffers(): Promise<() => Promise<void>> {
  const before = await Promise.all(FILES.map((file) => readFile(file, 'utf8')))
  for (const file of FILES) await writeFile(file, SMALL)
  return async () => {
    for (const [at, file] of FILES.entries()) await writeFile(file, before[at] ?? SMALL)
  }
}
