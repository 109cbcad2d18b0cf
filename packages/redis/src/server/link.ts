/**
 * One server that takes commands: the connection to it, and the witness of its life.
 *
 * The witness is the server's replication id. It changes whenever what the server holds may be less than what was
 * acknowledged: another primary took over, or the same one was started again. Each write to a stream says for which life it is
 * meant, and leaves the witness in the channel's meta; see `append.lua` for what follows from it.
 */

import type { Settings } from '../options.ts'
import type { Client } from '../scripts.ts'
import { connect, type Role } from './connect.ts'
import { ReadySignal } from './readiness.ts'
import type { Endpoint } from './url.ts'

/** Enough of the 40 hexadecimal digits: 64 bits. */
const DIGITS = 16

/** What the script answers to a witness of a life that the channel has left behind. */
const FORMER = 'FORMERLIFE'

export function isFormerLife(result: unknown): boolean {
  return result instanceof Error && result.message.startsWith(FORMER)
}

export class Link {
  readonly client: Client
  readonly ready: ReadySignal
  readonly #settings: Settings
  #witness = ''
  #replicas = 0
  #refreshing: Promise<void> | undefined

  constructor(settings: Settings, role: Role, endpoint?: Endpoint) {
    this.#settings = settings
    this.client = connect(settings, role, endpoint)
    this.ready = new ReadySignal(this.client, settings, () => this.refresh())
  }

  /** '' where the Redis user may not run INFO. */
  get witness(): string {
    return this.#witness
  }

  /** How many followed this server when it was asked last. */
  get replicas(): number {
    return this.#replicas
  }

  /** Asks the server who it is. Rejects where it is no primary. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#ask().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  /**
   * Runs a script that is told the witness. Where it belongs to a life that the channel has left behind, the server is asked
   * again: either the witness was out of date, or the channel has come back to this server, as slots of a Cluster do.
   */
  witnessed<T>(call: (witness: string, certain: 0 | 1) => Promise<T>): Promise<T> {
    return call(this.#witness, 0).catch(async (error: unknown) => {
      if (!isFormerLife(error)) throw error
      await this.refresh()
      return await call(this.#witness, 1)
    })
  }

  async #ask(): Promise<void> {
    const info = fields(await this.#info())
    const role = info.get('role')
    if (role !== undefined && role !== 'master') throw new Error(`this server is a ${role}, not the primary`)
    this.#witness = info.get('master_replid')?.slice(0, DIGITS) ?? ''
    this.#replicas = Number(info.get('connected_slaves') ?? 0)
  }

  async #info(): Promise<string> {
    try {
      return await this.client.info('replication')
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOPERM'))) throw error
      this.#settings.report(new Error('the Redis user may not run INFO: lost writes go unnoticed'), 'rights')
      return ''
    }
  }
}

function fields(info: string): ReadonlyMap<string, string> {
  return new Map(
    info.split('\r\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  )
}
