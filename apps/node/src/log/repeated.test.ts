import pino from 'pino'
import { expect, it } from 'vitest'
import { boundRepeated, countRepeated } from './repeated.ts'

it('allows the first line of each kind, then one in ten seconds, and counts those that were left out', () => {
  let now = 0
  const due = countRepeated(() => now)
  expect([due('a'), due('a'), due('a'), due('b')]).toEqual([0, undefined, undefined, 0])
  now = 9_999
  expect(due('a')).toBeUndefined()
  now = 10_000
  expect([due('a'), due('b')]).toEqual([3, 0])
})

it('bounds the lines of a message in any module, at level warn and above', () => {
  let now = 0
  const lines: string[] = []
  const log = pino(
    { hooks: { logMethod: boundRepeated(() => now) } },
    { write: (line) => void lines.push(line) },
  )
  const written = (): number => lines.splice(0).length
  const child = log.child({ module: 'api' })
  for (let i = 0; i < 100; i++) child.error({ i }, 'a request failed')
  expect(written()).toBe(10)
  for (let i = 0; i < 100; i++) log.warn(`another ${i % 2}`)
  expect(written()).toBe(20)
  for (let i = 0; i < 100; i++) log.info('started')
  expect(written()).toBe(100)
  now = 10_000
  child.error({}, 'a request failed')
  expect(written()).toBe(1)
})
