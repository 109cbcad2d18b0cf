/**
 * Mutations: each removes one protection from the sources while they are loaded, and some seed must detect
 * it. A mutation names the text that it replaces, and fails loudly when the source has changed.
 */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

export interface Mutation {
  readonly name: string
  readonly about: string
  /** Ends the URL of the source. */
  readonly file: string
  readonly text: string
  readonly instead: string
}

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'gap-check',
    about: 'a publication that does not follow the last one is delivered as if it did',
    file: '/core/src/channel/channel-state.ts',
    text: 'position.offset === known.offset + 1',
    instead: 'position.offset > known.offset',
  },
  {
    name: 'position-check',
    about: 'idle channels are not compared with their streams',
    file: '/core/src/channel/hub.ts',
    text: 'async checkIdle(before: number): Promise<void> {',
    instead: 'async checkIdle(before: number): Promise<void> { if (before < Infinity) return',
  },
  {
    name: 'duplicate-check',
    about: 'what was given already is given again when it comes again',
    file: '/core/src/channel/channel-state.ts',
    text: 'position.offset === known.offset + 1',
    instead: 'position.offset <= known.offset + 1',
  },
  {
    name: 'epoch-bump',
    about: 'a failover that loses publications keeps the epoch',
    file: '/core/src/memory/streams.ts',
    text: 'stream.upTo(offset, this.#newEpoch())',
    instead: 'stream.upTo(offset, stream.epoch)',
  },
  {
    name: 'idempotency',
    about: 'a publication that is tried again is published again',
    file: '/core/src/memory/streams.ts',
    text: 'if (known !== undefined) return',
    instead: 'if (known === null) return',
  },
  {
    name: 'whole-recovery',
    about: 'a recovery that lacks something claims to be whole',
    file: '/core/src/subscription/recovery.ts',
    text: 'const recovered = sameStream && complete',
    instead: 'const recovered = sameStream',
  },
  {
    name: 'end-of-incarnation',
    about: 'a node whose incarnation is over goes on as if nothing had happened',
    file: '/core/src/node/lifecycle.ts',
    text: 'async lose(): Promise<void> {',
    instead: 'async lose(): Promise<void> { if (this.#state !== undefined) return',
  },
  {
    name: 'owed-removal',
    about: 'a removal that is owed takes back what was entered again',
    file: '/core/src/node/cleanup.ts',
    text: 'removal.cancelled = true',
    instead: '',
  },
]

/** Installs the mutation for sources that are loaded from here on. */
export function mutate({ name, file, text, instead }: Mutation): void {
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context)
      if (!url.endsWith(file)) return loaded
      const source = readFileSync(new URL(url), 'utf8')
      const parts = source.split(text)
      if (parts.length !== 2)
        throw new Error(`${name}: ${file} has "${text}" ${parts.length - 1} times, not once`)
      return { ...loaded, source: parts.join(instead) }
    },
  })
}
