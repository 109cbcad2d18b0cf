import { expect, test } from 'vitest'
import { SharedReads } from './shared-reads.ts'

function source() {
  const reads = new SharedReads<number>()
  const begun: PromiseWithResolvers<number>[] = []
  const read = (key = 'a'): Promise<number> =>
    reads.read(key, () => {
      const one = Promise.withResolvers<number>()
      begun.push(one)
      return one.promise
    })
  return { reads, begun, read }
}

test('whoever asks while a read is under way shares the next one, and never gets an answer older than its question', async () => {
  const { reads, begun, read } = source()
  const first = read()
  const [second, third] = [read(), read()]
  expect(begun).toHaveLength(1)
  begun[0]?.resolve(1)
  expect(await first).toBe(1)
  await expect.poll(() => begun.length).toBe(2)
  const fourth = read()
  begun[1]?.resolve(2)
  expect(await Promise.all([second, third])).toEqual([2, 2])
  await expect.poll(() => begun.length).toBe(3)
  begun[2]?.resolve(3)
  expect(await fourth).toBe(3)
  await expect.poll(() => reads.size).toBe(0)
})

test('other reads are apart', async () => {
  const { begun, read } = source()
  const both = [read('a'), read('b')]
  begun[0]?.resolve(1)
  begun[1]?.resolve(2)
  expect(await Promise.all(both)).toEqual([1, 2])
})

test('a failure is for those who asked for that read; the next one is done all the same', async () => {
  const { begun, read } = source()
  const first = read()
  const second = read()
  begun[0]?.reject(new Error('away'))
  await expect(first).rejects.toThrow('away')
  await expect.poll(() => begun.length).toBe(2)
  begun[1]?.resolve(2)
  expect(await second).toBe(2)
})
