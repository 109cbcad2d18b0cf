/** A control group that limits the further memory of a process: beyond it the kernel kills the process. */
import { existsSync } from 'node:fs'
import { mkdir, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The folder of the memory controller by version of control groups, and the names of its files. */
const VERSIONS = [
  { root: '/sys/fs/cgroup/memory', has: 'memory.limit_in_bytes', limit: 'memory.limit_in_bytes' },
  { root: '/sys/fs/cgroup', has: 'cgroup.subtree_control', limit: 'memory.max' },
]

export function memoryLimitLacks(): string | undefined {
  if (process.getuid?.() !== 0) return 'root'
  return version() === undefined ? 'control groups for memory' : undefined
}

/** Memory that the process has already does not count. Resolves with the function that removes the group. */
export async function limitMemory(pid: number, bytes: number): Promise<() => Promise<void>> {
  const found = version()
  if (found === undefined) throw new Error(`this needs ${memoryLimitLacks()}`)
  const group = join(found.root, `skein-${pid}`)
  await mkdir(group)
  await writeFile(join(group, found.limit), `${bytes}`)
  await writeFile(join(group, 'cgroup.procs'), `${pid}`)
  return () => rmdir(group)
}

function version(): (typeof VERSIONS)[number] | undefined {
  return VERSIONS.find(({ root, has }) => existsSync(join(root, has)))
}
