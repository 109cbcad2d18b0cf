/** Where the memory is: processes by their proportional share, so that the Node binary counts once; the kernel by what is left. */
import { readFileSync, writeFileSync } from 'node:fs'

/** Bytes. */
export function proportionalBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + field(`/proc/${pid}/smaps_rollup`, 'Pss'), 0)
}

/** What can still be had without swapping. */
export function availableBytes(): number {
  return field('/proc/meminfo', 'MemAvailable')
}

/**
 * Gives back what the kernel keeps of files that were read before, so that it need not look for memory while sockets ask for
 * it: with 9 GB of pages `kswapd0` took 12 % of a core (`top`), and with 1 GB of names and inodes the last of a million
 * connections met a kernel with 0.4 GB free, three quarters of the time waiting for memory (`/proc/pressure/memory`). False
 * where it may not be done.
 */
export function dropCaches(): boolean {
  try {
    // Clean pages, and what is not in use of the rest: nothing is lost by it (Documentation/admin-guide/sysctl/vm.rst).
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
