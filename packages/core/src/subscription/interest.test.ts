import { expect, test } from 'vitest'
import { Interest } from './interest.ts'

/** A broker whose answers the test resolves. */
class SlowBroker {
  readonly log: string[] = []
  readonly #answers: (() => void)[] = []
  fail = false

  subscribe(channel: string): Promise<void> {
    return this.#later(`sub ${channel}`)
  }

  unsubscribe(channel: string): Promise<void> {
    return this.#later(`unsub ${channel}`)
  }

  async answer(): Promise<void> {
    this.#answers.shift()?.()
    await new Promise((resolve) => setImmediate(resolve))
  }

  #later(what: string): Promise<void> {
    this.log.push(what)
    const failed = this.fail
    return new Promise((resolve, reject) => {
      this.#answers.push(() => (failed ? reject(new Error('away')) : resolve()))
    })
  }
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function started(): { broker: SlowBroker; interest: Interest; errors: unknown[] } {
  const broker = new SlowBroker()
  const errors: unknown[] = []
  return { broker, interest: new Interest(broker, (error) => errors.push(error)), errors }
}

test('subscribes at the broker once; a second subscription awaits the same answer', async () => {
  const { broker, interest } = started()
  let second = false
  const first = interest.acquire('a')
  const later = interest.acquire('a').then(() => {
    second = true
  })
  await tick()
  expect(second).toBe(false)
  await broker.answer()
  await Promise.all([first, later])
  expect(broker.log).toEqual(['sub a'])
})

test('join, leave, join ends subscribed', async () => {
  const { broker, interest } = started()
  const first = interest.acquire('a')
  await tick()
  interest.release('a')
  const again = interest.acquire('a')
  for (let i = 0; i < 4; i++) await broker.answer()
  await Promise.all([first, again])
  expect(broker.log.at(-1)).toBe('sub a')
  expect([...interest.channels()]).toEqual(['a'])
})

test('a failed subscribe rejects all that await it, and the next one asks the broker again', async () => {
  const { broker, interest } = started()
  broker.fail = true
  const both = Promise.allSettled([interest.acquire('a'), interest.acquire('a')])
  await tick()
  await broker.answer()
  for (const one of await both) expect(one.status).toBe('rejected')
  broker.fail = false
  const again = interest.acquire('a')
  for (let i = 0; i < 3; i++) await broker.answer()
  await again
  expect(broker.log.filter((entry) => entry === 'sub a')).toHaveLength(2)
})

test('a channel without subscriptions is removed after the broker has unsubscribed, unless more operations wait', async () => {
  const { broker, interest } = started()
  const first = interest.acquire('a')
  await tick()
  await broker.answer()
  await first
  interest.release('a')
  await tick() // unsub 1 is asked
  void interest.acquire('a').catch(() => undefined) // nobody waits for it: the test looks at the order alone
  interest.release('a')
  await broker.answer() // unsub 1
  expect([...interest.channels()]).toEqual(['a'])
  for (let i = 0; i < 3; i++) await broker.answer()
  expect([...interest.channels()]).toEqual([])
  expect(broker.log).toEqual(['sub a', 'unsub a', 'sub a', 'unsub a'])
})
