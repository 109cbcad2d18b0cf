import { expect, it } from 'vitest'
import { collectGarbage } from './collect-garbage.ts'

it('frees what nobody refers to, and leaves no gc behind', () => {
  const gone = new WeakRef({ text: 'x'.repeat(1000) })
  return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    collectGarbage()
    expect(gone.deref()).toBeUndefined()
    expect('gc' in globalThis).toBe(false)
  })
})
