import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../util/storage.ts'
import { MAX_UNSENT_MESSAGES, Outbox } from './outbox.ts'

const entry = (clientId: string, at = 1) => ({ clientId, conversation: 'chat:r', body: clientId, at })
const never = (error: unknown) => {
  throw error
}
const ids = (outbox: Outbox) => outbox.list().map(({ clientId }) => clientId)

describe('the outbox', () => {
  test('is there again for the next page, in the order of writing, and for its user alone', () => {
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

  test('of two tabs does not lose what the other wrote', () => {
    const storage = memoryStorage()
    const [one, two] = [new Outbox(storage, 'ada', never), new Outbox(storage, 'ada', never)]
    one.add(entry('of-one'))
    two.add(entry('of-two'))
    one.remove('of-one')
    expect(ids(new Outbox(storage, 'ada', never))).toEqual(['of-two'])
  })

  test('passes over what somebody else wrote under its name', () => {
    const storage = memoryStorage()
    storage.setItem('skein.outbox.ada.x', '{')
    storage.setItem('skein.outbox.ada.y', 'null')
    storage.setItem('skein.outbox.ada.z', '{"clientId":1}')
    expect(ids(new Outbox(storage, 'ada', never))).toEqual([])
  })

  test('keeps a message that storage has no room for, and says that it will not outlive the page', () => {
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

  test('takes a bounded number', () => {
    const outbox = new Outbox(memoryStorage(), 'ada', never)
    for (let at = 0; at < MAX_UNSENT_MESSAGES; at++) outbox.add(entry(`m${at}`))
    expect(() => outbox.add(entry('one more'))).toThrow(/outbox_full/)
  })
})
