import { Unavailable } from '@skein/core'
import pino from 'pino'
import { expect, it } from 'vitest'
import { OutageLog } from './outage.ts'

function outageLog() {
  const lines: Record<string, unknown>[] = []
  const clock = { now: 0 }
  const log = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(JSON.parse(line)) })
  return { outage: new OutageLog(log, () => clock.now), clock, lines }
}

const refused = new Unavailable('Redis did not publish: connection refused')

it('an outage is two lines, whatever fails in between', () => {
  const { outage, clock, lines } = outageLog()
  for (const where of ['redis commands', 'publish']) outage.failed(refused, where)
  outage.begin('connection refused')
  for (; clock.now < 60_000; clock.now += 10) {
    outage.begin('connection refused')
    outage.failed(refused, 'publish')
    outage.onRedisError(refused, 'redis commands')
  }
  outage.end()
  outage.end()
  expect(lines).toEqual([
    expect.objectContaining({ level: 40, reason: 'connection refused' }),
    expect.objectContaining({ level: 30, ms: 60_000, failures: 12_000 }),
  ])
})

it('a failure that recurs without an outage is a line in ten seconds, without a stack', () => {
  const { outage, clock, lines } = outageLog()
  for (; clock.now <= 20_000; clock.now += 1000) outage.failed(refused, 'sentinel')
  expect(lines).toEqual([
    { level: 40, where: 'sentinel', error: refused.message, msg: 'trouble with the cluster' },
    { level: 40, where: 'sentinel', error: refused.message, omitted: 9, msg: 'trouble with the cluster' },
  ])
})

it('a failure that occurs seldom is no line', () => {
  const { outage, clock, lines } = outageLog()
  for (; clock.now < 600_000; clock.now += 40_000) outage.failed(refused, 'chores')
  expect(lines).toEqual([])
})

it('a failure that no outage explains is logged at once', () => {
  const { outage, lines } = outageLog()
  outage.begin('connection refused')
  outage.onRedisError(new Error('a message could not be decoded'), 'damaged')
  expect(lines.at(-1)).toMatchObject({ where: 'damaged', error: 'a message could not be decoded' })
})
