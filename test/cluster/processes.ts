/** Processes of this machine, as Linux lists them, for tests that prove that none is left. */
import { readdirSync, readFileSync } from 'node:fs'

/** All processes that descend from `pid` now, itself left out. */
export function descendants(pid: number): number[] {
  const parents = new Map(pids().map((one) => [one, parentOf(one)]))
  const found: number[] = []
  const queue = [pid]
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const children = [...parents].filter(([, parent]) => parent === at).map(([child]) => child)
    found.push(...children)
    queue.push(...children)
  }
  return found
}

/** The processes that still run; zombies do not count. */
export const alive = (some: readonly number[]): number[] =>
  some.filter((pid) => !['', 'Z', 'X'].includes(stat(pid)[0] ?? ''))

export const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()

const pids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

const parentOf = (pid: number): number => Number(stat(pid)[1] ?? 0)

/** State, parent, …: the fields after the command's name, which may hold any character. */
function stat(pid: number): string[] {
  const line = read(`/proc/${pid}/stat`)
  return line === '' ? [] : line.slice(line.lastIndexOf(')') + 2).split(' ')
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // The process exited meanwhile: its file is gone, and it counts as ended.
    return ''
  }
}
