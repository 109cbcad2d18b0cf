import { expect, it } from 'vitest'
import { settle } from '../testing/clock.ts'
import { Turnstile, TurnstileFull } from './turnstile.ts'

/** The callers inside, by name. */
function visitors(turnstile: Turnstile) {
  const inside: string[] = []
  const enter = (name: string) => {
    const turn = turnstile.enter()
    if (turn === undefined) inside.push(name)
    else void turn.then(() => inside.push(name))
  }
  const leave = (name: string) => {
    inside.splice(inside.indexOf(name), 1)
    turnstile.leave()
  }
  return { inside, enter, leave }
}

it('admits a bounded number at once, and the others in order', async () => {
  const turnstile = new Turnstile(2, 10)
  const { inside, enter, leave } = visitors(turnstile)
  for (const name of ['a', 'b', 'c', 'd']) enter(name)
  expect({ inside, waiting: turnstile.waiting }).toEqual({ inside: ['a', 'b'], waiting: 2 })
  leave('b')
  await settle()
  expect(inside).toEqual(['a', 'c'])
  for (const name of ['a', 'c']) leave(name)
  await settle()
  expect({ inside, waiting: turnstile.waiting }).toEqual({ inside: ['d'], waiting: 0 })
  leave('d')
  enter('e')
  enter('f')
  expect(inside).toEqual(['e', 'f'])
})

it('lets no caller overtake the one that receives a place', async () => {
  const turnstile = new Turnstile(1, 10)
  const { inside, enter, leave } = visitors(turnstile)
  enter('a')
  enter('b')
  leave('a')
  enter('c')
  await settle()
  expect(inside).toEqual(['b'])
})

it('rejects callers beyond its bound', () => {
  const turnstile = new Turnstile(1, 1)
  expect(turnstile.enter()).toBeUndefined()
  void turnstile.enter()
  expect(() => turnstile.enter()).toThrow(TurnstileFull)
  expect(turnstile.waiting).toBe(1)
})
