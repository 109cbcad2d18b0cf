import { expect, test } from 'vitest'
import { SharedReads } from './shared-reads.ts'

function source() {
  const reads = new SharedReads<number>()
  const started: PromiseWithResolvers<number>[] = []
  const read = (key = 'a'): Promise<number> =>
    reads.read(key, () => {
      const one = Promise.withResolvers<number>()
      started.push(one)
      return one.promise
    })
  return { reads, started, read }
}

test('calls during a read share the next one, and never get a reply older than the call', async () => {
  const { reads, started, read } = source()
  const first = read()
  const [second, third] = [read(), read()]
  expect(started).toHaveLength(1)
  started[0]?.resolve(1)
  expect(await first).toBe(1)
  await expect.poll(() => started.length).toBe(2)
  const fourth = read()
  started[1]?.resolve(2)
  expect(await Promise.all([second, third])).toEqual([2, 2])
  await expect.poll(() => started.length).toBe(3)
  started[2]?.resolve(3)
  expect(await fourth).toBe(3)
  await expect.poll(() => reads.size).toBe(0)
})

test('different reads are separate', async () => {
  const { started, read } = source()
  const both = [read('a'), read('b')]
  started[0]?.resolve(1)
  started[1]?.resolve(2)
  expect(await Promise.all(both)).toEqual([1, 2])
})

test('a failure affects the callers of that read only', async () => {
  const { started, read } = source()
  const first = read()
  const second = read()
  started[0]?.reject(new Error('away'))
  await expect(first).rejects.toThrow('away')
  await expect.poll(() => started.length).toBe(2)
  started[1]?.resolve(2)
  expect(await second).toBe(2)
})
