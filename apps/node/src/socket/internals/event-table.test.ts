/** Canary: it fails when a version of Node keeps the listeners elsewhere, or needs the table. */
import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { dropListeners } from './event-table.ts'

it('an emitter keeps neither listeners nor their table', () => {
  const emitter = new EventEmitter()
  const calls: string[] = []
  emitter.on('a', () => calls.push('first'))
  expect(Reflect.get(emitter, '_events')).toBeTypeOf('object')
  dropListeners(emitter)
  expect(Reflect.get(emitter, '_events')).toBeUndefined()
  expect([emitter.emit('a'), emitter.listenerCount('a'), emitter.eventNames()]).toEqual([false, 0, []])
  emitter.removeAllListeners()
})

it('an emitter accepts listeners afterwards', () => {
  const emitter = new EventEmitter()
  const calls: string[] = []
  dropListeners(emitter)
  const listener = (): void => void calls.push('second')
  emitter.off('a', listener)
  emitter.on('a', listener)
  emitter.emit('a')
  emitter.off('a', listener)
  emitter.emit('a')
  expect(calls).toEqual(['second'])
})
