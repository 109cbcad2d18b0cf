import { expect, test } from 'vitest'
import { askAtTurnEnd, writeAtTurnEnd } from './turn-end.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('what is asked at the end of a turn leaves in the writes of the same turn', async () => {
  const done: string[] = []
  writeAtTurnEnd(() => done.push('first write'))
  askAtTurnEnd(() => {
    done.push('ask')
    writeAtTurnEnd(() => done.push('write of the ask'))
  })
  expect(done).toEqual([])
  await turn()
  expect(done).toEqual(['ask', 'first write', 'write of the ask'])
})

test('each runs once, and what a write asks for belongs to the next turn', async () => {
  const done: string[] = []
  writeAtTurnEnd(() => {
    done.push('write')
    askAtTurnEnd(() => done.push('next'))
  })
  await turn()
  expect(done).toEqual(['write'])
  await turn()
  expect(done).toEqual(['write', 'next'])
  await turn()
  expect(done).toHaveLength(2)
})
