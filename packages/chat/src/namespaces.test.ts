import { describe, expect, test } from 'vitest'
import { chatChannels } from './namespaces.ts'

describe('the namespaces of chat', () => {
  test('stand beside those of the file, and keep raw history to the server', () => {
    const room = { historySize: 1, historyTtl: 1 }
    const { namespaces, withoutNamespace } = chatChannels({ namespaces: { room }, withoutNamespace: {} })
    expect(Object.keys(namespaces)).toEqual(['room', 'chat', 'dm', 'people'])
    expect(namespaces['room']).toBe(room)
    expect(withoutNamespace).toEqual({})
    for (const name of ['chat', 'dm', 'people'])
      expect(namespaces[name]).toMatchObject({ subscribe: 'server', publish: 'server', history: 'server' })
  })

  test('inboxes keep the more of what chat and the file want', () => {
    const small = { historySize: 100, historyTtl: 3600, presence: true }
    const personal = { historySize: 1000, historyTtl: 604_800, recovery: true, presence: true }
    expect(chatChannels({ namespaces: {}, personal: small }).personal).toEqual(personal)
    const large = { historySize: 5000, historyTtl: 1_000_000 }
    expect(chatChannels({ namespaces: {}, personal: large }).personal).toEqual({ ...large, recovery: true })
  })

  test('are not taken from a file that has its own', () => {
    expect(() => chatChannels({ namespaces: { dm: {}, chat: {} } })).toThrow(/chat, dm: chat has these/)
  })
})
