import { describe, expect, it } from 'vitest'
import { bars } from './svg.ts'

const bar = (label: string, color: 'ours' | 'others' | 'floor') => ({
  label,
  value: 2,
  least: 1,
  most: 3,
  color,
})
const plot = (...all: ReturnType<typeof bar>[]) => bars({ title: 'a', unit: 'us', digits: 1, bars: all })

describe('bars', () => {
  it('colours Skein, others and floors differently', () => {
    const colors = plot(bar('a', 'ours'), bar('b', 'others'), bar('c', 'floor')).match(
      /(?<=fill=")#\w+(?="\/>)/g,
    )
    expect(new Set(colors).size).toBe(3)
  })

  it('moves to the right for a long label', () => {
    const left = (label: string): number => Number(/<rect x="(\d+)"/.exec(plot(bar(label, 'ours')))?.[1])
    expect(left('Skein')).toBe(250)
    expect(left('x'.repeat(40))).toBe(300)
  })
})
