import type { BrokerListener } from '@skein/core'
import type { Envelope } from '@skein/protocol'
import { expect, test } from 'vitest'
import { address, deliver, readAddress, unpositioned } from './message.ts'

function decode(text: string): unknown[] {
  const calls: unknown[] = []
  const listener: BrokerListener = {
    onPublication: (...args) => calls.push(['publication', ...args]),
    onJoin: (...args) => calls.push(['join', ...args]),
    onLeave: (...args) => calls.push(['leave', ...args]),
    onRestored: () => calls.push('restored'),
  }
  return deliver('room:1', text, listener) ? calls : ['damaged']
}

const ALICE = { user: 'alice', client: '1' }

test.each([
  ['p7:e1:{"data":"a:b"}', ['publication', 'room:1', { offset: 7, epoch: 'e1' }, '{"data":"a:b"}']],
  [unpositioned('{"data":1}' as Envelope), ['publication', 'room:1', { offset: 0, epoch: '' }, '{"data":1}']],
  ['p9007199254740991:e:x', ['publication', 'room:1', { offset: 9007199254740991, epoch: 'e' }, 'x']],
  [`j12${JSON.stringify(ALICE)}`, ['join', 'room:1', ALICE, 12]],
  [`l${JSON.stringify(ALICE)}`, ['leave', 'room:1', ALICE, undefined]],
])('%j is decoded', (text, call) => {
  expect(decode(text)).toEqual([call])
})

test.each([
  '',
  'q',
  'p',
  'p:',
  'p1:',
  'px:e:{}',
  'p1.5:e:{}',
  'p9007199254740993:e:',
  'j',
  'jnull',
  'jx{"user":"alice","client":"1"}',
  'j-1{"user":"alice","client":"1"}',
  'l{}',
  'l[]',
])('%j is rejected', (text) => {
  expect(decode(text)).toEqual(['damaged'])
})

test.each(['#alice', '#é☕:}{', '#1:2', '#'])('an address round-trips the channel %s', (channel) => {
  expect(readAddress(`${address(channel)}p1:e:{}`)).toEqual({ channel, message: 'p1:e:{}' })
})

test.each(['@', '@x:', '@5:#abc', '@-1:#abc', '@1.5:#abc'])('%j is no address', (text) => {
  expect(readAddress(text)).toBeUndefined()
})
