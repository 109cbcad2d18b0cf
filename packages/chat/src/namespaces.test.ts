import { describe, expect, test } from 'vitest'
import { chatChannels } from './namespaces.ts'

describe('namespaces of chat', () => {
  test('are added to those of the file, and deny raw history to clients', () => {
    const room = { historySize: 1, historyTtl: 1 }
    const { namespaces, withoutNamespace } = chatChannels({ namespaces: { room }, withoutNamespace: {} })
    expect(Object.keys(namespaces)).toEqual(['room', 'chat', 'dm', 'people'])
    expect(namespaces['room']).toBe(room)
    expect(withoutNamespace).toEqual({})
    for (const name of ['chat', 'dm', 'people'])
      expect(namespaces[name]).toMatchObject({ subscribe: 'server', publish: 'server', history: 'server' })
  })

  test('give inboxes the larger retention of chat and the file', () => {
    const small = { historySize: 100, historyTtl: 3600, presence: true }
    const personal = { historySize: 1000, historyTtl: 604_800, recovery: true, presence: true }
    expect(chatChannels({ namespaces: {}, personal: small }).personal).toEqual(personal)
    const large = { historySize: 5000, historyTtl: 1_000_000 }
    expect(chatChannels({ namespaces: {}, personal: large }).personal).toEqual({ ...large, recovery: true })
  })

  test('reject a file that configures them itself', () => {
    expect(() => chatChannels({ namespaces: { dm: {}, chat: {} } })).toThrow(/chat reserves chat, dm/)
  })
})
