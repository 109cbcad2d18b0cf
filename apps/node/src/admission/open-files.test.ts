import { expect, it } from 'vitest'
import { connectionBound, openFilesLimit } from './open-files.ts'

it.each([
  [1024, 921],
  [100, 36],
  [65_536, 63_488],
  [1_048_576, 1_046_528],
])('%i open files allow %i connections', (limit, bound) => {
  expect(connectionBound(limit)).toBe(bound)
})

it('has no bound without a limit, or with an unknown one', () => {
  expect([undefined, Number.POSITIVE_INFINITY].map(connectionBound)).toEqual([
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ])
})

it.skipIf(process.platform !== 'linux')('reads the limit that counts, the soft one', () => {
  const text = 'Limit    Soft Limit  Hard Limit  Units\nMax open files            20000     40000    files\n'
  expect(openFilesLimit(() => text)).toBe(20_000)
  expect(openFilesLimit(() => text.replace('20000', 'unlimited'))).toBe(Number.POSITIVE_INFINITY)
  expect(openFilesLimit()).toBeGreaterThan(0)
})
