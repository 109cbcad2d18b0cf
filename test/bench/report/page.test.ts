import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { between } from './markdown.ts'
import { PAGES, writePages } from './page.ts'
import type { Run } from './results.ts'

const MACHINE = {
  cpu: 'a CPU',
  cores: 2,
  memoryGiB: 24,
  kernel: 'linux 6',
  node: 'v24',
  files: 20_000,
  load: 1,
}

/** As it comes back from a file: JSON has no NaN. */
const RUN = JSON.parse(
  JSON.stringify({
    at: '2026-11-21T14:55:01.000Z',
    machine: MACHINE,
    command: 'npm run bench -- --page',
    rows: [
      {
        name: 'connect',
        title: 'Opening connections',
        main: 'cpu',
        metrics: [
          { name: 'cpu', label: 'CPU, us', digits: 0 },
          { name: 'p99', label: 'p99, ms', digits: 1 },
        ],
        systems: [
          {
            name: 'skein',
            label: 'Skein',
            values: { cpu: 240, p99: Number.NaN },
            ratio: 1,
            least: 230,
            most: 260,
          },
          {
            name: 'plain-ws',
            label: 'plain <ws>',
            values: { cpu: 120, p99: 4 },
            ratio: 0.5,
            least: 110,
            most: 130,
          },
        ],
        budgets: [
          { metric: 'cpu', relative: false, text: 'CPU <= 200', value: 240, limit: 200, met: false },
          { metric: 'p99', relative: false, text: 'p99 <= 5', value: 4, limit: 5, met: true },
        ],
        at: '2026-11-21T14:50:00.000Z',
      },
    ],
    curves: [
      {
        name: 'nodes',
        title: 'CPU against nodes',
        xLabel: 'nodes',
        points: [1, 8].map((x) => ({
          x,
          nodes: x,
          cpu: 5 + x,
          p99: 3,
          redisOperations: 1,
          redisCpu: 10,
          idleOperations: 4,
          openOperations: 2,
          lost: 0,
        })),
      },
    ],
    million: {
      wanted: 1_000_000,
      reached: 900_000,
      seconds: 600,
      ended: '10 minutes',
      nodes: 56,
      atOnce: 2,
      inFlight: 64,
      failed: {},
      lost: { 'close 3012': 4 },
      cpu: { nodes: 500, redis: 30, clients: 160 },
      startCpu: 1.6,
      base: { node: 104e6, client: 48e6 },
      memory: { nodes: 9e9, redis: 5e8, clients: 1e9, kernel: 5e9 },
      idleCpu: { nodes: 0.1, redis: 0, clients: 0 },
      broadcast: { expected: 900_000, received: 899_990, seconds: 12, p50: 6000, p99: 11_000, ended: {} },
      personal: { expected: 10_000, received: 10_000, seconds: 9, p50: 3, p99: 30, ended: {} },
    },
  }),
) as Run

describe('writePages', () => {
  let docs = ''
  beforeEach(() => {
    docs = mkdtempSync(join(tmpdir(), 'skein-pages-'))
    const own = join(import.meta.dirname, '../../../docs')
    for (const page of PAGES) {
      mkdirSync(dirname(join(docs, page)), { recursive: true })
      cpSync(join(own, page), join(docs, page))
    }
  })
  afterEach(() => rmSync(docs, { recursive: true }))
  const read = (name: string): string => readFileSync(join(docs, name), 'utf8')

  it('fills the tables, and shows by how much a budget is missed', () => {
    writePages([RUN], docs)
    const page = read('performance.md')
    const connections = read('performance/connections.md')
    expect(connections).toContain('| Skein | 240 | - | 1.00 |')
    expect(page).toContain('| connect | CPU <= 200 | 240.00 | 200.00 | **not met**: 1.20 × the limit |')
    expect(page).toContain('| connect | p99 <= 5 | 4.00 | 5.00 | met |')
    expect(page).toContain('| million | 1,000,000 connections in 600 s | 900,000 in 600 s |')
    expect(read('performance/million.md')).toContain('lost until the broadcast: 4 (close 3012)')
    expect(connections).toContain('Measured 2026-11-21 14:50 UTC by `npm run bench -- --page` on 2 × a CPU')
  })

  it('says which systems are ahead of Skein and by what factor', () => {
    writePages([RUN], docs)
    expect(read('performance/connections.md')).toContain('ahead of Skein: plain <ws> 2.00 ×.')
    expect(read('performance.md')).toContain('| connect | CPU, us | 240 | plain <ws> 2.00 × | none |')
  })

  it('has a place in the pages for every measurement', () => {
    const headings = (page: string): number => page.match(/^## /gm)?.length ?? 0
    const before = PAGES.map((name) => headings(read(name)))
    writePages([RUN], docs)
    expect(PAGES.map((name) => headings(read(name)))).toEqual(before)
  })

  it('draws each row and curve', () => {
    writePages([RUN], docs)
    expect(read('performance/connect.svg')).toMatch(/^<svg .*plain &lt;ws>.*<\/svg>\n$/s)
    expect(read('performance/curve-nodes.svg')).toContain('<polyline')
  })

  it('keeps the results of an earlier run, and replaces those that are measured again', () => {
    const { million, ...rows } = RUN
    writePages([rows], docs)
    writePages([{ at: RUN.at, machine: RUN.machine, command: 'later', ...(million && { million }) }], docs)
    expect(read('performance.md')).toContain('| connect | CPU <= 200 |')
    expect(read('performance/million.md')).toContain('by `later`')
    expect(read('design/capacity.md')).toMatch(/\| \*\*o\*\* \| 240 \|/)
    expect(read('design/capacity.md')).toMatch(/\| \*\*r\*\* \| 0\.54 \|/)
  })

  it('changes nothing when it runs again', () => {
    writePages([RUN], docs)
    const first = read('performance.md')
    writePages([RUN], docs)
    expect(read('performance.md')).toBe(first)
  })
})

describe('between', () => {
  it('gives a name without marks a chapter of its own', () => {
    expect(between('# Page\n', 'row new', 'text')).toBe(
      '# Page\n\n## row new\n\n<!-- row new -->\ntext\n<!-- end row new -->\n',
    )
  })

  it('rejects half a pair of marks', () => {
    expect(() => between('<!-- a -->', 'a', 'text')).toThrow('not a pair')
  })
})
