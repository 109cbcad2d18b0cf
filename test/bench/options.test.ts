import { describe, expect, it } from 'vitest'
import { parseOptions } from './options.ts'

describe('parseOptions', () => {
  it('reads systems, trees and variants', () => {
    const { systems, trees, variants } = parseOptions([
      ...['--systems', 'skein,plain-ws', '--tree', 'base=../base', '--tree', 'next=/next'],
      ...['--variant', 'no-chat:SKEIN_CHAT=false', '--variant', 'old@base:SKEIN_A=1,SKEIN_B=x=y'],
    ])
    expect(systems).toEqual(['skein', 'plain-ws'])
    expect(trees).toEqual([
      { name: 'base', path: '../base' },
      { name: 'next', path: '/next' },
    ])
    expect(variants).toEqual([
      { name: 'no-chat', env: { SKEIN_CHAT: 'false' } },
      { name: 'old', tree: 'base', env: { SKEIN_A: '1', SKEIN_B: 'x=y' } },
    ])
  })

  it.each([
    [['--tree', 'base'], '--tree is NAME=PATH, not "base"'],
    [['--variant', 'a'], '--variant is NAME[@TREE]:KEY=VALUE[,KEY=VALUE], not "a"'],
    [['--variant', 'a:KEY'], 'not "a:KEY"'],
    [['--rounds', '0'], '--rounds is a number above 0, not "0"'],
  ])('rejects %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message)
  })

  it('publishes pages of nine rounds or more', () => {
    expect(parseOptions([]).rounds).toBe(3)
    expect(parseOptions(['--page']).rounds).toBe(9)
    expect(() => parseOptions(['--page', '--rounds', '8'])).toThrow('at least 9 rounds, not of 8')
  })
})
