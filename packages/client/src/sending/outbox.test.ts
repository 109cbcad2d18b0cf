import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../util/storage.ts'
import { MAX_UNSENT_MESSAGES, Outbox } from './outbox.ts'

const entry = (clientId: string, at = 1) => ({ clientId, conversation: 'chat:r', body: clientId, at })
const never = (error: unknown) => {
  throw error
}
const ids = (outbox: Outbox) => outbox.list().map(({ clientId }) => clientId)

describe('the outbox', () => {
  test('survives the page in the order of writing, for its user only', () => {
    const storage = memoryStorage()
    const outbox = new Outbox(storage, 'ada', never)
    for (const [id, at] of [
      ['c', 3],
      ['a', 1],
      ['a2', 1],
    ] as const)
      outbox.add(entry(id, at))
    outbox.remove('c')
    expect(ids(new Outbox(storage, 'ada', never))).toEqual(['a', 'a2'])
    expect(ids(new Outbox(storage, 'bob', never))).toEqual([])
  })

  test('of two tabs keeps the messages of both', () => {
    const storage = memoryStorage()
    const [one, two] = [new Outbox(storage, 'ada', never), new Outbox(storage, 'ada', never)]
    one.add(entry('of-one'))
    two.add(entry('of-two'))
    one.remove('of-one')
    expect(ids(new Outbox(storage, 'ada', never))).toEqual(['of-two'])
  })

  test('ignores invalid entries under its prefix', () => {
    const storage = memoryStorage()
    storage.setItem('skein.outbox.ada.x', '{')
    storage.setItem('skein.outbox.ada.y', 'null')
    storage.setItem('skein.outbox.ada.z', '{"clientId":1}')
    expect(ids(new Outbox(storage, 'ada', never))).toEqual([])
  })

  test('keeps a message that exceeds the storage quota, and reports the problem', () => {
    const problems: unknown[] = []
    const full = {
      ...memoryStorage(),
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError')
      },
    }
    const outbox = new Outbox(full, 'ada', (error) => problems.push(error))
    outbox.add(entry('a'))
    expect(ids(outbox)).toEqual(['a'])
    expect(problems).toHaveLength(1)
  })

  test('rejects messages above its limit', () => {
    const outbox = new Outbox(memoryStorage(), 'ada', never)
    for (let at = 0; at < MAX_UNSENT_MESSAGES; at++) outbox.add(entry(`m${at}`))
    expect(() => outbox.add(entry('one more'))).toThrow(/outbox_full/)
  })
})
