import { describe, expect, it } from 'vitest'
import { Queue } from './queue.ts'

const item = (n: number) => ({ n })

describe('a queue', () => {
  it('returns its items in the order of their arrival', () => {
    const queue = new Queue<{ n: number }>()
    const left: number[] = []
    const shift = (): void => {
      const first = queue.shift()
      if (first !== undefined) left.push(first.n)
    }
    for (let n = 0; n < 100; n++) {
      queue.push(item(n))
      if (n % 3 === 0) shift()
    }
    while (queue.size > 0) shift()
    expect(left).toEqual(Array.from({ length: 100 }, (_, n) => n))
  })

  it('counts the items that wait', () => {
    const queue = new Queue<{ n: number }>()
    for (let n = 0; n < 10; n++) queue.push(item(n))
    for (let n = 0; n < 4; n++) queue.shift()
    expect(queue.size).toBe(6)
  })

  it('peeks at the item that leaves next', () => {
    const queue = new Queue<{ n: number }>()
    queue.push(item(1))
    queue.push(item(2))
    expect(queue.peek()).toEqual(item(1))
    expect(queue.size).toBe(2)
    queue.shift()
    expect(queue.peek()).toEqual(item(2))
  })

  it('is empty at first, after its last item and when it is cleared', () => {
    const queue = new Queue<{ n: number }>()
    expect(queue.shift()).toBeUndefined()
    queue.push(item(1))
    queue.shift()
    expect(queue.shift()).toBeUndefined()
    expect(queue.peek()).toBeUndefined()
    for (let n = 0; n < 5; n++) queue.push(item(n))
    queue.shift()
    queue.clear()
    expect(queue.size).toBe(0)
    queue.push(item(9))
    expect(queue.shift()).toEqual(item(9))
  })
})
