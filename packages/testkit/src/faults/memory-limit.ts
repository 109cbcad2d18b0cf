/** A control group that lets a process allocate so much more memory, and no more: beyond it the kernel kills it. */
import { existsSync } from 'node:fs'
import { mkdir, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the memory controller is, by version of control groups, and how its files are called. */
const VERSIONS = [
  { root: '/sys/fs/cgroup/memory', has: 'memory.limit_in_bytes', limit: 'memory.limit_in_bytes' },
  { root: '/sys/fs/cgroup', has: 'cgroup.subtree_control', limit: 'memory.max' },
]

export function memoryLimitLacks(): string | undefined {
  if (process.getuid?.() !== 0) return 'root'
  return version() === undefined ? 'control groups for memory' : undefined
}

/** What the process has already does not count. Resolves with what removes the group, once the process is gone. */
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
