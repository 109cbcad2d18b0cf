import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BALANCED_VARIATION, type NodeLoad, surplusOf, variation } from './rebalance-policy.ts'

const load = (uid: string, clients: number, more: Partial<NodeLoad> = {}): NodeLoad => ({
  uid,
  clients,
  shedding: false,
  draining: false,
  ...more,
})

const loadsOf = (counts: readonly number[]): NodeLoad[] =>
  counts.map((clients, at) => load(`node-${String(at).padStart(3, '0')}`, clients))

const surpluses = (nodes: readonly NodeLoad[]): number[] =>
  nodes.map((me) =>
    surplusOf(
      me,
      nodes.filter((other) => other !== me),
    ),
  )

describe('the surplus', () => {
  it('of the fullest node is what it has above the mean', () => {
    expect(surpluses(loadsOf([100, 99, 98, 0, 0, 0]))).toEqual([50, 0, 0, 0, 0, 0])
  })

  it('is shed by one of several equally full nodes', () => {
    expect(surpluses(loadsOf([100, 100, 0, 0]))).toEqual([50, 0, 0, 0])
  })

  it('is 0 in a balanced or empty cluster and for a single node', () => {
    expect(surpluses(loadsOf([100, 104, 98]))).toEqual([0, 0, 0])
    expect(surpluses(loadsOf([0, 0]))).toEqual([0, 0])
    expect(surpluses(loadsOf([5000]))).toEqual([0])
  })

  it('is 0 for a few connections', () => {
    expect(surpluses(loadsOf([3, 1, 0]))).toEqual([0, 0, 0])
  })

  it('is 0 while a node drains, because its clients are moving', () => {
    const [a = load('', 0), b = load('', 0)] = loadsOf([100, 10])
    expect(surplusOf(a, [{ ...b, draining: true }])).toBe(0)
    expect(surplusOf({ ...a, draining: true }, [b])).toBe(0)
  })

  it('is shed by the node that has begun, though another is fuller now', () => {
    const a = load('a', 90, { shedding: true })
    const b = load('b', 100)
    const c = load('c', 0)
    expect(surplusOf(a, [b, c])).toBe(26)
    expect(surplusOf(b, [a, c])).toBe(0)
  })

  it('is shed by one of two nodes that began together', () => {
    const a = load('a', 100, { shedding: true })
    const b = load('b', 100, { shedding: true })
    const c = load('c', 0)
    expect([surplusOf(a, [b, c]), surplusOf(b, [a, c])]).toEqual([33, 0])
  })
})

/** The same numbers in every run. */
function seeded(): () => number {
  let state = 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/** The node that nginx chooses for a connection, from the counts of the nodes. */
type Placement = (counts: readonly number[], random: () => number) => number
const leastConn: Placement = (counts) => counts.indexOf(Math.min(...counts))
const anywhere: Placement = (counts, random) => Math.floor(random() * counts.length)

/** Each node decides until none sheds. `rate` connections move at a time. */
function simulate(start: readonly number[], rate: number, place: Placement, random: () => number) {
  const counts = [...start]
  let moved = 0
  for (let round = 0; round < 20_000; round++) {
    const at = surpluses(loadsOf(counts)).findIndex((surplus) => surplus > 0)
    if (at < 0) return { counts, moved, rounds: round }
    const surplus = Math.min(rate, surpluses(loadsOf(counts))[at] ?? 0)
    counts[at] = (counts[at] ?? 0) - surplus
    for (let i = 0; i < surplus; i++) {
      const to = place(counts, random)
      counts[to] = (counts[to] ?? 0) + 1
    }
    moved += surplus
  }
  throw new Error(`still moving: ${counts.join()}`)
}

const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0)
const cluster = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 2, maxLength: 12 })
const rates = fc.integer({ min: 1, max: 500 })

describe('a simulated cluster', () => {
  it('of 3 nodes that become 6 is balanced after each surplus connection has moved once', () => {
    const { counts, moved } = simulate([10_000, 10_000, 10_000, 0, 0, 0], 100, leastConn, seeded())
    expect(variation(counts)).toBeLessThan(BALANCED_VARIATION)
    expect(moved).toBeLessThanOrEqual(15_000)
  })

  it('behind least_conn converges from any state at any pace and moves no connection twice', () => {
    fc.assert(
      fc.property(cluster, rates, (start, rate) => {
        fc.pre(sum(start) / start.length >= 200)
        const mean = sum(start) / start.length
        const surplus = sum(start.map((clients) => Math.max(0, clients - mean)))
        const { counts, moved } = simulate(start, rate, leastConn, seeded())
        expect(sum(counts)).toBe(sum(start))
        expect(variation(counts)).toBeLessThan(BALANCED_VARIATION)
        expect(moved).toBeLessThanOrEqual(surplus)
      }),
      { numRuns: 100 },
    )
  })

  it('does not move connections once it is balanced', () => {
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 5000 }), cluster, (mean, noise) => {
        const counts = noise.map((some) => mean + Math.round((some / 5000 - 0.5) * 0.1 * mean))
        expect(surpluses(loadsOf(counts)).every((surplus) => surplus === 0)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('has at most one node that sheds, whatever the counts', () => {
    fc.assert(
      fc.property(cluster, (counts) => {
        expect(surpluses(loadsOf(counts)).filter((surplus) => surplus > 0).length).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('converges behind random placement, too, with some connections moved more than once', () => {
    const { counts } = simulate([6000, 6000, 6000, 0, 0, 0], 100, anywhere, seeded())
    expect(variation(counts)).toBeLessThan(BALANCED_VARIATION)
  })
})
