/**
 * One process of the local cluster: started, watched, started again when it dies, stopped. Its output goes to a file. It
 * leads its own process group, so that Ctrl-C in the terminal reaches `skein up` alone, which stops the parts in order.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { type Env, Failure } from '../command.ts'
import type { Janitor } from './janitor.ts'

export interface PartSpec {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: Env
  readonly logFile: string
  /** Asked until it says true. */
  ready(): Promise<boolean>
}

/** What a part is given by the cluster it belongs to. */
export interface PartContext {
  readonly janitor: Janitor
  readonly report: (line: string) => void
  /** Aborts when the whole is stopping: waits end early, nothing is started again. */
  readonly signal: AbortSignal
}

const READY_TIMEOUT_MS = 25_000
const READY_POLL_MS = 50
const STOP_GRACE_MS = 8000
/** A part that dies is started again after this long, doubled at each death in a row up to the limit. */
const RESTART_MS = 250
const RESTART_LIMIT_MS = 8000
/** One that has lived this long is well again. */
const WELL_MS = 10_000

export class Part {
  readonly name: string
  readonly #spec: PartSpec
  readonly #context: PartContext
  #child: ChildProcess
  #state: 'starting' | 'running' | 'stopped' = 'starting'
  #delay = RESTART_MS
  #restart: NodeJS.Timeout | undefined

  /** Resolves when the part is ready. Throws {@link Failure} with the end of its log when it is not in time. */
  static async start(spec: PartSpec, context: PartContext): Promise<Part> {
    const part = new Part(spec, context)
    try {
      await part.#untilReady()
    } catch (error) {
      await part.stop()
      throw error
    }
    part.#state = 'running'
    return part
  }

  private constructor(spec: PartSpec, context: PartContext) {
    this.name = spec.name
    this.#spec = spec
    this.#context = context
    this.#child = this.#launch()
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** SIGTERM, then SIGKILL for its whole group. Resolves when the process is gone. */
  async stop(): Promise<void> {
    this.#state = 'stopped'
    clearTimeout(this.#restart)
    const child = this.#child
    if (isGone(child)) return
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    const timer = setTimeout(() => killGroup(child), STOP_GRACE_MS)
    await exited
    clearTimeout(timer)
  }

  #launch(): ChildProcess {
    const { command, args, env, logFile } = this.#spec
    const log = openSync(logFile, 'a', 0o600)
    const child = spawn(command, args, { detached: true, stdio: ['ignore', log, log], env })
    closeSync(log)
    const born = Date.now()
    child.on('error', (error) => this.#context.report(`${this.name}: ${error.message}`))
    child.once('exit', (code, signal) => this.#onExit(child, Date.now() - born, signal ?? `code ${code}`))
    if (child.pid !== undefined) this.#context.janitor.add('pid', String(child.pid))
    return child
  }

  #onExit(child: ChildProcess, livedMs: number, how: string): void {
    this.#context.janitor.drop('pid', String(child.pid))
    if (this.#state !== 'running' || this.#context.signal.aborted) return
    if (livedMs > WELL_MS) this.#delay = RESTART_MS
    this.#context.report(
      `${this.name} (pid ${child.pid}) ended: ${how}. It is started again in ${this.#delay} ms; log: ${this.#spec.logFile}`,
    )
    this.#restart = setTimeout(() => {
      this.#child = this.#launch()
    }, this.#delay)
    this.#delay = Math.min(this.#delay * 2, RESTART_LIMIT_MS)
  }

  async #untilReady(): Promise<void> {
    const end = Date.now() + READY_TIMEOUT_MS
    while (!(await this.#spec.ready())) {
      this.#context.signal.throwIfAborted()
      if (isGone(this.#child))
        throw new Failure(`${this.name} did not start:\n${logTail(this.#spec.logFile)}`)
      if (Date.now() > end) {
        const seconds = READY_TIMEOUT_MS / 1000
        throw new Failure(`${this.name} was not ready after ${seconds} s:\n${logTail(this.#spec.logFile)}`)
      }
      await pause(READY_POLL_MS)
    }
  }
}

const isGone = (child: ChildProcess) =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null

function killGroup(child: ChildProcess): void {
  if (child.pid !== undefined && !isGone(child)) process.kill(-child.pid, 'SIGKILL')
}

/** The last lines that a part wrote. */
export const logTail = (file: string, lines = 12): string =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(-lines)
    .map((line) => `  ${line}`)
    .join('\n')
