/** Skein's place among the systems of a row: which ones are ahead of it and which behind, by what factor. */
import type { RowSummary, SystemSummary } from './summary.ts'
import { number } from './table.ts'

/** Main metrics of which more is better. */
const MORE_IS_BETTER: ReadonlySet<string> = new Set(['rate'])

/** A system beside Skein. `factor` above 1: so many times better or worse, by the medians. */
export interface Standing {
  readonly label: string
  readonly value: number
  readonly factor: number
  /** The rounds of both systems overlap. */
  readonly overlaps: boolean
}

export interface Standings {
  readonly ahead: readonly Standing[]
  readonly behind: readonly Standing[]
  readonly floors: readonly Standing[]
}

/** Variants of Skein are left out: they are no peers. */
export function standings({ main, systems }: RowSummary): Standings {
  const own = systems.find(({ name }) => name === 'skein')
  const peers = own === undefined ? [] : systems.filter((system) => isPeer(system, main))
  const all = own === undefined ? [] : peers.map((peer) => ({ peer, ...compare(own, peer, main) }))
  const ahead = all.filter(({ peer, isAhead }) => peer.floor !== true && isAhead)
  const behind = all.filter(({ peer, isAhead }) => peer.floor !== true && !isAhead)
  const floors = all.filter(({ peer }) => peer.floor === true)
  return { ahead: sorted(ahead), behind: sorted(behind), floors: floors.map(({ standing }) => standing) }
}

const isPeer = ({ name, values }: SystemSummary, main: string): boolean =>
  !name.startsWith('skein') && !/^(chat|state)-/.test(name) && Number.isFinite(values[main])

interface Compared {
  readonly isAhead: boolean
  readonly standing: Standing
}

function compare(own: SystemSummary, peer: SystemSummary, main: string): Compared {
  const [mine, theirs] = [own.values[main] ?? Number.NaN, peer.values[main] ?? Number.NaN]
  const isAhead = MORE_IS_BETTER.has(main) ? theirs > mine : theirs < mine
  const factor = Math.max(mine, theirs) / Math.min(mine, theirs)
  const overlaps = peer.least <= own.most && own.least <= peer.most
  return { isAhead, standing: { label: peer.label, value: theirs, factor, overlaps } }
}

/** The largest lead first. */
const sorted = (compared: readonly Compared[]): Standing[] =>
  compared.map(({ standing }) => standing).toSorted((one, other) => other.factor - one.factor)

/** `Centrifugo 1.25 ×, plain ws 1.10 × (rounds overlap)`, or `none`. */
export function list(all: readonly Standing[]): string {
  if (all.length === 0) return 'none'
  return all
    .map(
      ({ label, factor, overlaps }) =>
        `${label} ${number(factor, 2)} ×${overlaps ? ' (rounds overlap)' : ''}`,
    )
    .join(' · ')
}

/** The sentences under a table; '' where nothing is compared. */
export function sentences(row: RowSummary): string {
  const { ahead, behind, floors } = standings(row)
  if (ahead.length + behind.length + floors.length === 0) return ''
  const metric = row.metrics.find(({ name }) => name === row.main)?.label ?? row.main
  const peers =
    ahead.length + behind.length === 0
      ? []
      : [`By the median of ${metric}, ahead of Skein: ${list(ahead)}.`, `Behind Skein: ${list(behind)}.`]
  const own = row.systems.find(({ name }) => name === 'skein')?.values[row.main] ?? Number.NaN
  return [
    ...peers,
    ...floors.map(({ label, value }) => `Skein is ${number(own / value, 2)} × the ${label}.`),
  ].join(' ')
}
