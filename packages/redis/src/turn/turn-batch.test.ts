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

test('one turn is one batch, in the order of asking', async () => {
  const { runs, batch } = recorded(10)
  const first = batch.add('a1')
  await Promise.resolve()
  const second = batch.add('a2')
  expect(runs).toEqual([])
  expect(await Promise.all([first, second])).toEqual(['a1!', 'a2!'])
  await batch.add('a3')
  expect(runs).toEqual([['a1', 'a2'], ['a3']])
})

test('a full batch is run at once, and what follows is the next one', async () => {
  const { runs, batch } = recorded(2)
  const all = ['a1', 'a2', 'a3'].map((item) => batch.add(item))
  expect(runs).toEqual([['a1', 'a2']])
  await Promise.all(all)
  expect(runs).toEqual([['a1', 'a2'], ['a3']])
})

test('what does not fit runs behind the batch before it', async () => {
  const { runs, batch } = recorded(10)
  await Promise.all(['a1', 'b1', 'b2', 'a2'].map((item) => batch.add(item)))
  expect(runs).toEqual([['a1'], ['b1', 'b2'], ['a2']])
})

test('all of a batch share its failure, the next one does not', async () => {
  const { batch } = recorded(10)
  const failed = await Promise.allSettled([batch.add('bad'), batch.add('badly')])
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await batch.add('c')).toBe('c!')
})
