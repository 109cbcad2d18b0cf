/** Where the memory is: processes by their proportional share, so that the Node binary counts once; the kernel by what is left. */
import { readFileSync } from 'node:fs'

/** Bytes. */
export function proportionalBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + field(`/proc/${pid}/smaps_rollup`, 'Pss'), 0)
}

/** What can still be had without swapping. */
export function availableBytes(): number {
  return field('/proc/meminfo', 'MemAvailable')
}

function field(file: string, name: string): number {
  const line = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(file, 'utf8'))
  if (line === null) throw new Error(`no ${name} in ${file}`)
  return Number(line[1]) * 1024
}
