/** The load processes of one run, as their parent sees them. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { waitFor, within } from '@skein/testkit'
import type { Order, Plan, Top, Word } from './load/plan.ts'

const MAIN = fileURLToPath(new URL('./load/main.ts', import.meta.url))

class LoadProcess {
  live = 0
  of = 0
  readonly #child: ChildProcess
  readonly #heard: Word['say'][] = []

  constructor(child: ChildProcess) {
    this.#child = child
    child.on('message', (word: Word) => {
      if (word.say === 'live') Object.assign(this, { live: word.live, of: word.of })
      else this.#heard.push(word.say)
    })
    process.once('exit', () => child.kill('SIGKILL'))
  }

  order(order: Order): void {
    this.#child.send(order)
  }

  async hears(word: Word['say'], ms: number): Promise<void> {
    await waitFor(
      `the load to be ${word}`,
      () => {
        if (this.#child.exitCode !== null && word !== 'stopped') throw new Error('a load process ended')
        return this.#heard.includes(word)
      },
      ms,
    )
    this.#heard.splice(this.#heard.indexOf(word), 1)
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}

export class Fleet {
  readonly #processes: readonly LoadProcess[]

  private constructor(processes: readonly LoadProcess[]) {
    this.#processes = processes
  }

  /** Starts one process for each plan, and waits until every client is subscribed. */
  static async start(plans: readonly Plan[], ms: number): Promise<Fleet> {
    const processes = plans.map(() => new LoadProcess(fork(MAIN, { stdio: 'inherit' })))
    const fleet = new Fleet(processes)
    try {
      await Promise.all(processes.map((one) => one.hears('ready', 20_000)))
      for (const [at, plan] of plans.entries()) processes[at]?.order({ do: 'start', plan })
      await waitFor('all clients to be subscribed', () => fleet.of > 0 && fleet.live === fleet.of, ms)
      return fleet
    } catch (error) {
      fleet.kill()
      throw new Error(`${String(error)}: ${fleet.live} of ${fleet.of}`, { cause: error })
    }
  }

  get live(): number {
    return this.#processes.reduce((sum, one) => sum + one.live, 0)
  }

  get of(): number {
    return this.#processes.reduce((sum, one) => sum + one.of, 0)
  }

  order(order: Order): void {
    for (const one of this.#processes) one.order(order)
  }

  async hush(ms: number): Promise<void> {
    this.order({ do: 'hush' })
    await Promise.all(this.#processes.map((one) => one.hears('quiet', ms)))
  }

  async rest(tops: readonly Top[], ms: number): Promise<void> {
    this.order({ do: 'rest', tops, within: ms })
    await Promise.all(this.#processes.map((one) => one.hears('rested', ms + 10_000)))
  }

  async stop(): Promise<void> {
    this.order({ do: 'stop' })
    const stopped = Promise.all(this.#processes.map((one) => one.hears('stopped', 20_000)))
    await within('the load to stop', stopped, 30_000).finally(() => this.kill())
  }

  kill(): void {
    for (const one of this.#processes) one.kill()
  }
}
