import type { BrokerListener } from '@skein/core'
import { expect, test } from 'vitest'
import { Receiver } from './receiver.ts'

function setup(failing = false) {
  const calls: unknown[] = []
  const reports: string[] = []
  const receiver = new Receiver((error, where) => reports.push(`${where}: ${String(error)}`))
  const listener: BrokerListener = {
    onPublication: (channel, { offset }) => {
      if (failing) throw new Error('listener failed')
      calls.push(['publication', channel, offset])
    },
    onJoin: (channel) => calls.push(['join', channel]),
    onLeave: (channel) => calls.push(['leave', channel]),
    onRestored: (channels) => calls.push(['restored', channels]),
  }
  receiver.listener = listener
  receiver.onControl = (message) => calls.push(['control', message.op])
  return { calls, reports, receiver }
}

test('each kind of message reaches its listener', () => {
  const { calls, receiver, reports } = setup()
  receiver.onChannel('bus', 'room:1', 'p1:e:{}')
  receiver.onNode('node', '@6:#alicep2:e:{}')
  receiver.onControlMessage('control', '{"op":"disconnect","user":"u"}')
  expect(calls).toEqual([
    ['publication', 'room:1', 1],
    ['publication', '#alice', 2],
    ['control', 'disconnect'],
  ])
  expect([reports, receiver.damaged]).toEqual([[], 0])
})

test('a message that cannot be decoded is counted, reported and dropped', () => {
  const { calls, receiver, reports } = setup()
  receiver.onChannel('bus', 'room:1', 'x')
  receiver.onNode('node', 'p1:e:{}')
  receiver.onControlMessage('control', '{}')
  expect([calls, receiver.damaged]).toEqual([[], 3])
  expect(reports).toHaveLength(3)
  expect(reports[0]).toBe('damaged: Error: a message on bus could not be decoded and was dropped')
})

test('an error of the listener is reported and is no damage', () => {
  const { receiver, reports } = setup(true)
  receiver.onChannel('bus', 'room:1', 'p1:e:{}')
  expect([reports, receiver.damaged]).toEqual([['listener: Error: listener failed'], 0])
})

test('a restore without channels is not passed on', () => {
  const { calls, receiver } = setup()
  receiver.onRestored([])
  receiver.onRestored(['room:1'])
  receiver.onRestored()
  expect(calls).toEqual([
    ['restored', ['room:1']],
    ['restored', undefined],
  ])
})
