import { describe, expect, it } from 'vitest'
import { type ConnectionSubscription, Subscriptions } from './subscriptions.ts'

const on = (name: string) => ({ channel: { name } }) as unknown as ConnectionSubscription

describe('the subscriptions of a connection', () => {
  it.each([0, 1, 2, 8, 9, 30])('holds %i of them', (count) => {
    const held = new Subscriptions()
    const all = Array.from({ length: count }, (_, n) => on(`c${n}`))
    for (const subscription of all) held.add(subscription)
    expect(held.size).toBe(count)
    expect(held.values()).toEqual(all)
    for (const subscription of all) expect(held.get(subscription.channel.name)).toBe(subscription)
    expect(held.has('other')).toBe(false)
  })

  it.each([1, 2, 8, 9])('with %i, removes only the subscription that it holds', (count) => {
    const held = new Subscriptions()
    const all = Array.from({ length: count }, (_, n) => on(`c${n}`))
    for (const subscription of all) held.add(subscription)
    expect(held.remove(on('c0'))).toBe(false)
    for (const subscription of all) expect(held.remove(subscription)).toBe(true)
    expect(held.size).toBe(0)
    expect(held.values()).toEqual([])
  })

  it('replaces the subscription of the same channel', () => {
    const held = new Subscriptions()
    const second = on('c')
    held.add(on('c'))
    held.add(second)
    expect(held.size).toBe(1)
    expect(held.get('c')).toBe(second)
  })

  it.each([3, 12])('of %i, returns a list that removing does not change', (count) => {
    const held = new Subscriptions()
    for (let n = 0; n < count; n++) held.add(on(`c${n}`))
    for (const subscription of held.values()) held.remove(subscription)
    expect(held.size).toBe(0)
  })
})
