/** Process of the janitor: reads commands from its parent, and cleans up at their end. See `janitor.ts`. */
import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'

/** Time between SIGTERM and SIGKILL. */
const GRACE_MS = 3000

const things = new Map<string, { readonly kind: string; readonly name: string }>()
let dismissed = false

async function clear(): Promise<void> {
  const pids = named('pid').map(Number)
  for (const pid of pids) signal(pid, 'SIGTERM')
  const end = Date.now() + GRACE_MS
  while (pids.some((pid) => signal(pid, 0)) && Date.now() < end) await pause(50)
  for (const pid of pids) signal(pid, 'SIGKILL')
  for (const name of named('container'))
    await promisify(execFile)('docker', ['rm', '-f', name]).catch(console.error)
  for (const path of named('path')) await rm(path, { recursive: true, force: true })
}

const named = (wanted: string) =>
  [...things.values()].filter(({ kind }) => kind === wanted).map(({ name }) => name)

/** Signals the process group. Returns false if the group no longer exists. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, name)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') console.error(error)
    return false
  }
}

// A signal to the whole session must not end the janitor before it cleans up.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined)

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, kind = '', name = ''] = JSON.parse(line) as [string, string?, string?]
  if (verb === 'done') dismissed = true
  else if (verb === 'add') things.set(`${kind} ${name}`, { kind, name })
  else things.delete(`${kind} ${name}`)
}
if (!dismissed) await clear()
