import type { ClientView } from '@skein/core'
import { expect, test } from 'vitest'
import { chatHooks } from './hooks.ts'
import type { ChatParts } from './parts.ts'

const client = {} as ClientView

test('about a channel of the application nothing is said, and at once: a promise would hold up the next publish', () => {
  const hooks = chatHooks({} as ChatParts, {})
  expect(hooks.onPublish?.(client, { channel: 'room:a', data: '1' })).toBeUndefined()
})

test('about a channel of the application its own hook decides', () => {
  const decision = { allow: true }
  const hooks = chatHooks({} as ChatParts, { onPublish: () => decision })
  expect(hooks.onPublish?.(client, { channel: 'room:a', data: '1' })).toBe(decision)
})
