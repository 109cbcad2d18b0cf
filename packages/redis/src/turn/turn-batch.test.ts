import { expect, test } from 'vitest'
import { TurnBatch } from './turn-batch.ts'

function recorded(most: number) {
  const runs: string[][] = []
  const batch = new TurnBatch<string, string>(
    most,
    async (items) => {
      runs.push([...items])
      if (items.includes('bad')) throw new Error('refused')
      return items.map((item) => `${item}!`)
    },
    (item, first) => item[0] === first[0],
  )
  return { runs, batch }
}

test('items of one turn are one batch, in order', async () => {
  const { runs, batch } = recorded(10)
  const first = batch.add('a1')
  await Promise.resolve()
  const second = batch.add('a2')
  expect(runs).toEqual([])
  expect(await Promise.all([first, second])).toEqual(['a1!', 'a2!'])
  await batch.add('a3')
  expect(runs).toEqual([['a1', 'a2'], ['a3']])
})

test('a full batch runs at once, and later items join the next', async () => {
  const { runs, batch } = recorded(2)
  const all = ['a1', 'a2', 'a3'].map((item) => batch.add(item))
  expect(runs).toEqual([['a1', 'a2']])
  await Promise.all(all)
  expect(runs).toEqual([['a1', 'a2'], ['a3']])
})

test('an item that does not fit runs behind the batch before it', async () => {
  const { runs, batch } = recorded(10)
  await Promise.all(['a1', 'b1', 'b2', 'a2'].map((item) => batch.add(item)))
  expect(runs).toEqual([['a1'], ['b1', 'b2'], ['a2']])
})

test('a failed batch fails for all its items, and not for the next batch', async () => {
  const { batch } = recorded(10)
  const failed = await Promise.allSettled([batch.add('bad'), batch.add('badly')])
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await batch.add('c')).toBe('c!')
})
