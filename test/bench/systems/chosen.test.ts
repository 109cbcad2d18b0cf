import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Row } from '../rows/row.ts'
import { chooseSystems } from './chosen.ts'

const ROOT = join(import.meta.dirname, '../../..')
const NONE = { systems: [], trees: [], variants: [] }

function row(name: string, systems: readonly string[], fixed = false): Row {
  return {
    name,
    title: name,
    metrics: [],
    main: 'cpu',
    budgets: [],
    fixed,
    systems: systems.map((system) => ({
      name: system,
      label: system,
      start: () => Promise.reject(new Error()),
    })),
    run: () => Promise.reject(new Error()),
  }
}

const CONNECT = row('connect', ['skein', 'plain-ws'])
const CHAT = row('chat', ['skein', 'same-work'])

describe('chooseSystems', () => {
  const names = (options: Partial<Parameters<typeof chooseSystems>[1]>, of = CONNECT): string[] =>
    chooseSystems([CONNECT, CHAT], { ...NONE, ...options })(of).map(({ name }) => name)

  it('takes all systems of a row, or the ones named', () => {
    expect(names({})).toEqual(['skein', 'plain-ws'])
    expect(names({ systems: ['skein', 'same-work'] })).toEqual(['skein'])
    expect(names({ systems: ['skein', 'same-work'] }, CHAT)).toEqual(['skein', 'same-work'])
  })

  it('adds trees and variants', () => {
    const trees = [{ name: 'other', path: ROOT }]
    const variants = [{ name: 'slow', tree: 'other', env: {} }]
    expect(names({ systems: ['skein'], trees, variants })).toEqual(['skein', 'other', 'slow'])
  })

  it.each([
    [{ systems: ['nobody'] }, 'unknown system nobody; these rows measure skein, plain-ws, same-work'],
    [{ variants: [{ name: 'skein', env: {} }] }, 'the name skein is taken'],
    [{ variants: [{ name: 'a', tree: 'b', env: {} }] }, '--variant a: no --tree is called b'],
    [{ trees: [{ name: 'a', path: '/nowhere' }] }, '--tree a: /nowhere/apps/node/src/main.ts does not exist'],
  ])('rejects %j', (options, message) => {
    expect(() => names(options)).toThrow(message)
  })

  it('rejects options for a row with systems of its own', () => {
    const fixed = row('compression', ['skein'], true)
    expect(() => chooseSystems([fixed], { ...NONE, systems: ['skein'] })).toThrow(
      'row compression has systems',
    )
    expect(chooseSystems([fixed], NONE)(fixed)).toHaveLength(1)
  })
})
