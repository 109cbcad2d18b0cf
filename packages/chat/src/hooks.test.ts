import type { ClientView } from '@skein/core'
import { expect, test } from 'vitest'
import { chatHooks } from './hooks.ts'
import type { ChatParts } from './parts.ts'

const client = {} as ClientView

test('returns undefined, not a promise, for a channel of the application, so the next publish does not wait', () => {
  const hooks = chatHooks({} as ChatParts, {})
  expect(hooks.onPublish?.(client, { channel: 'room:a', data: '1' })).toBeUndefined()
})

test('calls the hook of the application for a channel of the application', () => {
  const decision = { allow: true }
  const hooks = chatHooks({} as ChatParts, { onPublish: () => decision })
  expect(hooks.onPublish?.(client, { channel: 'room:a', data: '1' })).toBe(decision)
})
