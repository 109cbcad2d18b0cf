import { expect, test } from 'vitest'
import { Interest } from './interest.ts'

/** A broker whose answers wait until the test gives them. */
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

test('the broker is asked once, and the second waits for the first answer', async () => {
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

test('a failed subscribe is told to all who wait, and the next one asks again', async () => {
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

test('a channel whose last one left is forgotten once the broker has heard it, never while more is ordered', async () => {
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
