import { expect, test } from 'vitest'
import { Channels, channelProblems } from './channels.ts'

test('the part before the first colon selects the namespace, with its defaults', () => {
  const channels = new Channels({ namespaces: { room: { historySize: 5, historyTtl: 60 } } }, 255)
  expect(channels.of('room:a:b')).toMatchObject({
    name: 'room',
    historySize: 5,
    presence: false,
    publish: 'server',
  })
  expect(channels.of('room:a').stream.metaTtl).toBeGreaterThan(60)
})

test.each(['nowhere:a', 'bare', '#ann'])('%s is outside every namespace: 102', (channel) => {
  const channels = new Channels({ namespaces: { room: {} } }, 255)
  expect(() => channels.of(channel)).toThrow(
    expect.objectContaining({ wire: expect.objectContaining({ code: 102 }) }),
  )
})

test.each(['', 'room:\u0000', 'room:ü', 'room: ', `room:${'x'.repeat(255)}`])(
  '%j is not a channel name: 107',
  (channel) => {
    const channels = new Channels({ namespaces: { room: {} } }, 255)
    expect(() => channels.of(channel)).toThrow(
      expect.objectContaining({ wire: expect.objectContaining({ code: 107 }) }),
    )
  },
)

test('every problem is listed with its remedy', () => {
  const problems = channelProblems({
    namespaces: { a: { recovery: true }, b: { historySize: 5 }, c: { joinLeave: true } },
    withoutNamespace: { historySize: 1, historyTtl: 60, historyMetaTtl: 30 },
  })
  expect(problems).toEqual([
    'namespaces.a: recovery needs history: set historySize and historyTtl',
    'namespaces.b: historySize needs historyTtl: set it in seconds',
    'namespaces.c: joinLeave needs presence: set presence to true',
    'withoutNamespace: historyMetaTtl must exceed historyTtl: raise or remove it',
  ])
})
