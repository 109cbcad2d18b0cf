/**
 * The janitor is a process that outlives `skein up`. It knows every process, path and container of the local
 * cluster. If its input ends without `done`, the parent was killed, and the janitor removes all of them.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Env } from '../command.ts'

export type Thing = 'pid' | 'path' | 'container'

export interface Janitor {
  /** Registers a thing for removal when the parent dies. A process must lead its own group. */
  add(thing: Thing, name: string): void
  /** Unregisters a thing that no longer exists. */
  drop(thing: Thing, name: string): void
  /** Ends the janitor without a cleanup. */
  done(): Promise<void>
}

const MAIN = fileURLToPath(new URL('janitor-main.ts', import.meta.url))

export function startJanitor(env: Env): Janitor {
  const child = spawn(process.execPath, [MAIN], {
    // A session of its own: Ctrl-C in the terminal signals only the parent.
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
    env,
  })
  const say = (verb: string, ...rest: string[]) =>
    void child.stdin.write(`${JSON.stringify([verb, ...rest])}\n`)
  return {
    add: (thing, name) => say('add', thing, name),
    drop: (thing, name) => say('drop', thing, name),
    done: () => dismiss(child, say),
  }
}

async function dismiss(child: ChildProcess, say: (verb: string) => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  say('done')
  child.stdin?.end()
  await ended
}
