/** Sets the wall clock of one process while it runs, by libfaketime. The monotonic clock stays right. */
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'

const PLACES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'].map(
  (folder) => `${folder}/faketime/libfaketime.so.1`,
)

export function steppedClockLacks(): string | undefined {
  return library() === undefined ? 'libfaketime (Debian: apt-get install faketime)' : undefined
}

/** Settings for a process whose clock is stepped through `file`. */
export async function steppable(file: string): Promise<Record<string, string>> {
  const found = library()
  if (found === undefined) throw new Error(`this needs ${steppedClockLacks()}`)
  await stepClock(file, 0)
  return {
    LD_PRELOAD: found,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  }
}

/** Moves that process's clock `seconds` ahead (or back). */
export async function stepClock(file: string, seconds: number): Promise<void> {
  await writeFile(file, `${seconds < 0 ? '' : '+'}${seconds}\n`)
}

function library(): string | undefined {
  return PLACES.find((path) => existsSync(path))
}
