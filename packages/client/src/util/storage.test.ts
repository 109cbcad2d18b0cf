import { describe, expect, test } from 'vitest'
import { newClient } from '../testing/start-client.ts'
import { deviceId, type KeyValueStorage, memoryStorage, tolerantStorage } from './storage.ts'

const blocked = (): never => {
  throw new DOMException('blocked', 'SecurityError')
}
const BLOCKED: KeyValueStorage = {
  get length() {
    return blocked()
  },
  key: blocked,
  getItem: blocked,
  setItem: blocked,
  removeItem: blocked,
}

describe('blocked storage', () => {
  test('reads as empty, and rejects writes', () => {
    const storage = tolerantStorage(BLOCKED)
    expect(storage.length).toBe(0)
    expect(storage.key(0)).toBeNull()
    expect(storage.getItem('x')).toBeNull()
    expect(() => storage.removeItem('x')).not.toThrow()
    expect(() => storage.setItem('x', 'y')).toThrow('blocked')
  })

  test('still gives the device an id', () => {
    expect(deviceId(tolerantStorage(BLOCKED), () => 'd1')).toBe('d1')
  })

  test('does not stop sending', () => {
    const { client, problems } = newClient(BLOCKED)
    const conversation = client.direct('bob')
    conversation.send('hello')
    expect(conversation.timeline.get().messages).toHaveLength(1)
    expect(problems).not.toEqual([])
  })
})

test('the id of a device persists', () => {
  const storage = memoryStorage()
  expect(deviceId(storage, () => 'd1')).toBe('d1')
  expect(deviceId(storage, () => 'd2')).toBe('d1')
})
