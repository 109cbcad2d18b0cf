/**
 * One supervised process of the local cluster, restarted after an exit. Its output goes to a file.
 * It leads its own process group: Ctrl-C in the terminal signals only `skein up`, which stops the parts in
 * order.
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
  /** Polled until it resolves with true. */
  ready(): Promise<boolean>
}

/** The services that the cluster provides to its parts. */
export interface PartContext {
  readonly janitor: Janitor
  readonly report: (line: string) => void
  /** Aborts when the cluster stops: waits end early, and nothing restarts. */
  readonly signal: AbortSignal
}

const READY_TIMEOUT_MS = 25_000
const READY_POLL_MS = 50
const STOP_GRACE_MS = 8000
/** Delay of the first restart, doubled at each consecutive exit up to the limit. */
const RESTART_MS = 250
const RESTART_LIMIT_MS = 8000
/** After this run time the delay starts from {@link RESTART_MS}. */
const STABLE_MS = 10_000

export class Part {
  readonly name: string
  readonly #spec: PartSpec
  readonly #context: PartContext
  #child: ChildProcess
  #state: 'starting' | 'running' | 'stopped' = 'starting'
  #delay = RESTART_MS
  #restart: NodeJS.Timeout | undefined

  /** Resolves when the part is ready. Throws {@link Failure} with the end of its log after the timeout. */
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

  /** Sends SIGTERM, then SIGKILL to the whole group. Resolves when the process has exited. */
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
    if (livedMs > STABLE_MS) this.#delay = RESTART_MS
    this.#context.report(
      `${this.name} (pid ${child.pid}) ended: ${how}. It restarts in ${this.#delay} ms; log: ${this.#spec.logFile}`,
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

/** The last lines of a log file. */
export const logTail = (file: string, lines = 12): string =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(-lines)
    .map((line) => `  ${line}`)
    .join('\n')
