import { expect, it } from 'vitest'
import { settle } from './testing/clock.ts'
import { Turnstile, TurnstileFull } from './turnstile.ts'

function tasks(turnstile: Turnstile) {
  const running: string[] = []
  const ends = new Map<string, () => void>()
  const pass = (name: string) =>
    turnstile.pass(async () => {
      running.push(name)
      await new Promise<void>((resolve) => ends.set(name, resolve))
      running.splice(running.indexOf(name), 1)
    })
  return { running, pass, end: (name: string) => ends.get(name)?.() }
}

it('lets so many in at a time, the others in their order', async () => {
  const turnstile = new Turnstile(2, 10)
  const { running, pass, end } = tasks(turnstile)
  const all = ['a', 'b', 'c', 'd'].map(pass)
  await settle()
  expect({ running, waiting: turnstile.waiting }).toEqual({ running: ['a', 'b'], waiting: 2 })
  end('b')
  await settle()
  expect(running).toEqual(['a', 'c'])
  for (const name of ['a', 'c']) end(name)
  await settle()
  expect(running).toEqual(['d'])
  end('d')
  await Promise.all(all)
  expect(turnstile.waiting).toBe(0)
})

it('refuses beyond its bound, and a task that fails gives its place back', async () => {
  const turnstile = new Turnstile(1, 1)
  let fail = (_: Error): void => undefined
  const first = turnstile.pass(() => new Promise<never>((_, reject) => (fail = reject)))
  const second = turnstile.pass(async () => 'second')
  await expect(turnstile.pass(async () => 'third')).rejects.toThrow(TurnstileFull)
  fail(new Error('first'))
  await expect(first).rejects.toThrow('first')
  expect(await second).toBe('second')
  expect(await turnstile.pass(async () => 'fourth')).toBe('fourth')
})
