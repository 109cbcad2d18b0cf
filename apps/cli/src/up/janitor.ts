/**
 * The janitor is a process that outlives `skein up` by a moment. It knows every process, folder and container of the local
 * cluster, and when its input ends without `done` (the parent was killed, whatever the signal), it clears them all away.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Env } from '../command.ts'

export type Thing = 'pid' | 'path' | 'container'

export interface Janitor {
  /** This must go when the parent goes. Processes are leaders of their own group. */
  add(thing: Thing, name: string): void
  /** It went by itself. */
  drop(thing: Thing, name: string): void
  /** Everything was put away; the janitor goes home. */
  done(): Promise<void>
}

const MAIN = fileURLToPath(new URL('janitor-main.ts', import.meta.url))

export function startJanitor(env: Env): Janitor {
  const child = spawn(process.execPath, [MAIN], {
    // Its own session: Ctrl-C in the terminal reaches the parent alone.
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
