/** Finds the namespace of a channel by its name, and validates a namespaces file. */
import { ERROR } from '@skein/protocol'
import Value from 'typebox/value'
import { ReplyError } from '../errors.ts'
import type { StreamOptions } from '../ports.ts'
import { type ChannelsConfig, type Namespace, NamespaceSchema } from './namespaces.ts'

/** 30 days. Epoch and offset outlive the history by this time: without its epoch no client can recover. */
const META_TTL_MARGIN_SECONDS = 2_592_000

/** Printable ASCII without spaces: every SDK, log and shell preserves it. */
const CHANNEL_NAME = /^[\x21-\x7e]+$/

/** A namespace with its defaults filled in. */
export interface ResolvedNamespace extends Namespace {
  readonly name: string
  readonly stream: StreamOptions
}

/** The personal channel of a user, `#user`. */
export function personalChannel(user: string): string {
  return `#${user}`
}

/** The user of a personal channel; `undefined` for other channels. */
export function personalUser(channel: string): string | undefined {
  return channel.startsWith('#') && channel.length > 1 ? channel.slice(1) : undefined
}

export class Channels {
  readonly personal: ResolvedNamespace | undefined
  readonly #byName = new Map<string, ResolvedNamespace>()
  readonly #bare: ResolvedNamespace | undefined
  readonly #maxLength: number

  /** Throws an `Error` that lists every problem of `config`. */
  constructor(config: ChannelsConfig, maxLength: number) {
    const problems = channelProblems(config)
    if (problems.length > 0) throw new Error(`namespaces: ${problems.join('; ')}`)
    for (const [name, options] of Object.entries(config.namespaces))
      this.#byName.set(name, resolve(name, options))
    this.#bare = config.withoutNamespace && resolve('', config.withoutNamespace)
    this.personal = config.personal && resolve('#', { subscribe: 'server', ...config.personal })
    this.#maxLength = maxLength
  }

  /**
   * The options of `channel`. Throws `ReplyError`: 107 for a malformed name, 102 for one outside every
   * namespace.
   */
  of(channel: string): ResolvedNamespace {
    if (channel === '') throw new ReplyError(ERROR.badRequest, 'channel is empty')
    if (channel.length > this.#maxLength) {
      throw new ReplyError(ERROR.badRequest, `channel is longer than ${this.#maxLength} characters`)
    }
    // A personal channel contains a user id, which the token chooses: "Anna é", a mail address.
    if (!CHANNEL_NAME.test(channel) && personalUser(channel) === undefined)
      throw new ReplyError(ERROR.badRequest, 'channel has characters other than printable ASCII')
    const found = this.#find(channel)
    if (found === undefined) throw new ReplyError(ERROR.unknownChannel)
    return found
  }

  #find(channel: string): ResolvedNamespace | undefined {
    if (channel.startsWith('#')) return channel.length > 1 ? this.personal : undefined
    const colon = channel.indexOf(':')
    return colon < 0 ? this.#bare : this.#byName.get(channel.slice(0, colon))
  }
}

function resolve(name: string, options: Partial<Namespace>): ResolvedNamespace {
  const full = Value.Default(NamespaceSchema, { ...options }) as Namespace
  const metaTtl = full.historyMetaTtl || full.historyTtl + META_TTL_MARGIN_SECONDS
  const { historySize, historyTtl, durability } = full
  const stream = { historySize, historyTtl, metaTtl, durability }
  return Object.freeze({ ...full, name, stream })
}

/** Every problem of a namespaces file beyond its schema, each with its remedy. */
export function channelProblems(config: ChannelsConfig): string[] {
  const problems = Object.entries(config.namespaces).flatMap(([name, options]) =>
    namespaceProblems(`namespaces.${name}`, options),
  )
  if (config.withoutNamespace)
    problems.push(...namespaceProblems('withoutNamespace', config.withoutNamespace))
  if (config.personal) problems.push(...namespaceProblems('personal', config.personal))
  return problems
}

function namespaceProblems(path: string, options: Partial<Namespace>): string[] {
  const n = Value.Default(NamespaceSchema, { ...options }) as Namespace
  const problems: string[] = []
  if (n.recovery && n.historySize === 0)
    problems.push(`${path}: recovery needs history: set historySize and historyTtl`)
  if (n.historySize > 0 && n.historyTtl === 0)
    problems.push(`${path}: historySize needs historyTtl: set it in seconds`)
  if (n.historyTtl > 0 && n.historySize === 0) problems.push(`${path}: historyTtl needs historySize: set it`)
  if (n.historyMetaTtl > 0 && n.historyMetaTtl <= n.historyTtl) {
    problems.push(`${path}: historyMetaTtl must exceed historyTtl: raise or remove it`)
  }
  if (n.recovery && n.delivery !== 'all') {
    problems.push(
      `${path}: delivery '${n.delivery}' excludes recovery: set delivery to 'all', or recovery to false`,
    )
  }
  if (n.delta && n.delivery !== 'all')
    problems.push(`${path}: delta needs delivery 'all': set delivery to 'all', or delta to false`)
  if (n.durability === 'replicated' && n.historySize === 0)
    problems.push(`${path}: durability 'replicated' needs history: set historySize and historyTtl`)
  if (n.suspected && !n.presence) problems.push(`${path}: suspected needs presence: set presence to true`)
  if (n.joinLeave && !n.presence) problems.push(`${path}: joinLeave needs presence: set presence to true`)
  return problems
}
