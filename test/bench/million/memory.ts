/**
 * Memory by its owner: processes by their proportional share, in which the Node binary counts once, and the
 * kernel by the remainder.
 */
import { readFileSync, writeFileSync } from 'node:fs'

/** Bytes. */
export function proportionalBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + field(`/proc/${pid}/smaps_rollup`, 'Pss'), 0)
}

/** Memory available without swapping. */
export function availableBytes(): number {
  return field('/proc/meminfo', 'MemAvailable')
}

/**
 * Drops the kernel's caches of files, so that sockets get memory without reclaim. With 9 GB of pages
 * `kswapd0` takes 12 % of a core. With 1 GB of names and inodes the last connections mostly wait for memory
 * (`/proc/pressure/memory`). False where that is not permitted.
 */
export function dropCaches(): boolean {
  try {
    // Clean pages, and unused names and inodes: nothing is lost (Documentation/admin-guide/sysctl/vm.rst).
    writeFileSync('/proc/sys/vm/drop_caches', '3')
    return true
  } catch {
    return false
  }
}

function field(file: string, name: string): number {
  const line = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(file, 'utf8'))
  if (line === null) throw new Error(`no ${name} in ${file}`)
  return Number(line[1]) * 1024
}
