/** Processes of this machine as Linux shows them, for tests that prove that nothing is left. */
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

/** Those of them that still run; zombies do not. */
export const alive = (some: readonly number[]): number[] =>
  some.filter((pid) => !['', 'Z', 'X'].includes(stat(pid)[0] ?? ''))

export const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()

const pids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

const parentOf = (pid: number): number => Number(stat(pid)[1] ?? 0)

/** State, parent, …: what stands behind the command's name, which may hold anything. */
function stat(pid: number): string[] {
  const line = read(`/proc/${pid}/stat`)
  return line === '' ? [] : line.slice(line.lastIndexOf(')') + 2).split(' ')
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // The process ended while we looked: it has no such file any more, and counts as gone.
    return ''
  }
}
