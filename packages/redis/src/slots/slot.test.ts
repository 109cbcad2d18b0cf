import { expect, test } from 'vitest'
import { createSlotTags, slotOf } from './slot.ts'

/** Values of `CLUSTER KEYSLOT` of Redis 7.0. */
test.each([
  ['', 0],
  ['123456789', 12739],
  ['foo', 12182],
  ['skein:{room:1}:stream', slotOf('room:1')],
  ['{user1000}.following', slotOf('user1000')],
  ['foo{}{bar}', 8363],
  ['foo{{bar}}zap', slotOf('{bar')],
  ['foo{bar}{zap}', slotOf('bar')],
  ['кухня ☕', 4390],
])('%j is in slot %i', (key, slot) => {
  expect(slotOf(key)).toBe(slot)
})

test('the tag of a slot is in the slot of the key', () => {
  const slotTag = createSlotTags()
  for (const key of ['skein:{room:1}', 'skein:{#alice}', ''])
    expect(slotOf(`skein:@{${slotTag(key)}}common:120`)).toBe(slotOf(key))
})
