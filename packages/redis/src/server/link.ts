/**
 * The connection to one server for commands, and the witness of the server's data set.
 *
 * The witness is the server's replication id. It changes whenever the data set may lack acknowledged writes:
 * after a failover and after a restart. Each write to a stream carries the witness that the node knows, and
 * stores it in the channel's meta (`append.lua`).
 */

import type { Client } from '../scripts.ts'
import { connect, type Role } from './connect.ts'
import { Readiness } from './readiness.ts'
import type { Settings } from './settings.ts'
import type { Endpoint } from './url.ts'

/** 64 bits of the 160 of a replication id. */
const WITNESS_DIGITS = 16

/** Error of a script for a witness that the channel has left behind. */
const FORMER_WITNESS = 'FORMERLIFE'

export function isFormerWitness(result: unknown): boolean {
  return result instanceof Error && result.message.startsWith(FORMER_WITNESS)
}

export class Link {
  readonly client: Client
  readonly readiness: Readiness
  readonly #settings: Settings
  #witness = ''
  #replicas = 0
  #refreshing: Promise<void> | undefined

  constructor(settings: Settings, role: Role, endpoint?: Endpoint) {
    this.#settings = settings
    this.client = connect(settings, role, endpoint)
    this.readiness = new Readiness(this.client, settings, () => this.refresh())
  }

  /** Empty if the Redis user may not run INFO. */
  get witness(): string {
    return this.#witness
  }

  /** Number of replicas at the last refresh. */
  get replicas(): number {
    return this.#replicas
  }

  /** Reads the witness. Rejects if the server is not a primary. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#readReplication().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  /**
   * Runs a script with the witness. If the channel has left that witness behind, the witness is read again:
   * either it was out of date, or the channel has returned to this server, as slots of a Cluster do.
   */
  witnessed<T>(call: (witness: string, certain: 0 | 1) => Promise<T>): Promise<T> {
    return call(this.#witness, 0).catch(async (error: unknown) => {
      if (!isFormerWitness(error)) throw error
      await this.refresh()
      return await call(this.#witness, 1)
    })
  }

  async #readReplication(): Promise<void> {
    const info = fields(await this.#info())
    const role = info.get('role')
    if (role !== undefined && role !== 'master') throw new Error(`the server is a ${role}, not the primary`)
    this.#witness = info.get('master_replid')?.slice(0, WITNESS_DIGITS) ?? ''
    this.#replicas = Number(info.get('connected_slaves') ?? 0)
  }

  async #info(): Promise<string> {
    try {
      return await this.client.info('replication')
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOPERM'))) throw error
      this.#settings.report(
        new Error('the Redis user may not run INFO: allow it, or lost writes go unnoticed'),
        'rights',
      )
      return ''
    }
  }
}

function fields(info: string): ReadonlyMap<string, string> {
  return new Map(
    info.split('\r\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  )
}
