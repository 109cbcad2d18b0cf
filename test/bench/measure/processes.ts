/** CPU time and resident memory of processes, as the kernel reports them. */
import { readFileSync } from 'node:fs'

/** Linux's USER_HZ, the unit of /proc/PID/stat: 100 on every machine that Node runs on. */
const TICKS_PER_SECOND = 100

/** User and system time of all of them together, seconds. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuOf(pid), 0)
}

function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name may hold spaces and parentheses; only numbers follow it. utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** Resident set of all of them together, bytes. */
export function residentBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + residentOf(pid), 0)
}

function residentOf(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  if (line === null) throw new Error(`no VmRSS of process ${pid}`)
  return Number(line[1]) * 1024
}

/** Resolves when the memory of these processes has stopped changing, or after `ms`. */
export async function settled(pids: readonly number[], ms: number): Promise<void> {
  const end = Date.now() + ms
  let before = residentBytes(pids)
  let still = 0
  while (Date.now() < end && still < 4) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    const now = residentBytes(pids)
    still = Math.abs(now - before) < before * 0.002 ? still + 1 : 0
    before = now
  }
}
