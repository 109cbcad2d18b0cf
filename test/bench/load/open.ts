/** Opens connections within a concurrency and a rate, and accounts for each of them. */
import { Client } from './client.ts'
import { micros } from './clock.ts'
import type { Counters } from './counters.ts'
import { DIALECTS, type Identity } from './dialects/index.ts'
import { Histogram } from './histogram.ts'
import type { OpenJob, OpenReport, Target } from './messages.ts'
import { signUser } from './token.ts'

/** Interval of the checks of pace and deadlines. */
const TICK_MS = 20
/** Tokens outlive every measurement. */
const TOKEN_SECONDS = 86_400
/** Ports of one job that other programs listen on. */
const MOST_TAKEN = 1000
/** Signed before the clock starts, up to this number. */
const TOKENS_UP_FRONT = 50_000

export async function open(job: OpenJob, counters: Counters, clients: Client[]): Promise<OpenReport> {
  const identities = job.count <= TOKENS_UP_FRONT ? identitiesOf(job) : undefined
  return await new Opening(job, counters, clients, identities).run()
}

class Opening {
  readonly #job: OpenJob
  readonly #counters: Counters
  readonly #clients: Client[]
  readonly #identities: readonly Identity[] | undefined
  readonly #joinTimes = new Histogram()
  readonly #failed = new Map<string, number>()
  readonly #opening = new Map<Client, Target>()
  #taken = 0
  #started = 0
  #joined = 0
  #startedAt = 0
  #endedAt = 0
  #done: () => void = () => undefined

  constructor(
    job: OpenJob,
    counters: Counters,
    clients: Client[],
    identities: readonly Identity[] | undefined,
  ) {
    this.#job = job
    this.#counters = counters
    this.#clients = clients
    this.#identities = identities
  }

  async run(): Promise<OpenReport> {
    const { count } = this.#job
    this.#startedAt = micros()
    if (count > 0) {
      const done = new Promise<void>((resolve) => {
        this.#done = resolve
      })
      const timer = setInterval(() => this.#tick(), TICK_MS)
      this.#start()
      await done
      clearInterval(timer)
    }
    return {
      attempted: count,
      joined: this.#joined,
      failed: Object.fromEntries(this.#failed),
      joinTimes: this.#joinTimes.data(),
      seconds: (this.#endedAt - this.#startedAt) / 1e6,
    }
  }

  #start(): void {
    const { count, concurrency, rate } = this.#job
    const seconds = (micros() - this.#startedAt) / 1e6
    const due = rate === 0 ? count : Math.min(count, Math.ceil(rate * (seconds + TICK_MS / 1000)))
    while (this.#started < due && this.#opening.size < concurrency) this.#open(this.#started++)
  }

  #open(at: number): void {
    const { targets } = this.#job
    const target = targets[at % targets.length]
    if (target === undefined) throw new Error('no target')
    this.#connect(this.#identities?.[at] ?? identityOf(this.#job, at), target)
  }

  #connect(identity: Identity, target: Target): void {
    const { dialect, localAddress } = this.#job
    const client = new Client(identity, DIALECTS[dialect], this.#counters, this.#onOutcome)
    this.#opening.set(client, target)
    client.open(target, localAddress)
  }

  readonly #onOutcome = (client: Client, failure: string | undefined): void => {
    const target = this.#opening.get(client)
    this.#opening.delete(client)
    // A service of this machine has that port on all addresses. No server was contacted yet: try the next
    // port.
    if (failure === 'EADDRINUSE' && target !== undefined && this.#taken++ < MOST_TAKEN) {
      this.#connect(client.identity, target)
    } else this.#outcome(client, failure)
  }

  #outcome(client: Client, failure: string | undefined): void {
    if (failure === undefined) {
      this.#joined++
      this.#clients.push(client)
      this.#joinTimes.record(micros() - client.startedAt)
    } else this.#failed.set(failure, (this.#failed.get(failure) ?? 0) + 1)
    this.#start()
    if (this.#opening.size > 0 || this.#started < this.#job.count) return
    this.#endedAt = micros()
    this.#done()
  }

  #tick(): void {
    const oldest = micros() - this.#job.timeoutMs * 1000
    for (const client of this.#opening.keys()) {
      if (client.startedAt > oldest) break // In the order of their starts.
      client.fail('timeout')
    }
    this.#start()
  }
}

function identitiesOf(job: OpenJob): Identity[] {
  return Array.from({ length: job.count }, (_, at) => identityOf(job, at))
}

function identityOf({ first, channels, userPrefix, secret, since }: OpenJob, at: number): Identity {
  const number = first + at
  const user = `${userPrefix}${number}`
  const exp = Math.floor(Date.now() / 1000) + TOKEN_SECONDS
  return {
    user,
    token: secret === '' ? '' : signUser(user, secret, exp),
    channel: channels === undefined ? '' : channelOf(channels, number),
    ...(since !== undefined && { since }),
  }
}

function channelOf({ prefix, each }: { prefix: string; each: number }, number: number): string {
  return each === 0 ? prefix : `${prefix}${Math.floor(number / each)}`
}
