/** Runs the model of `model.ts` over memory nodes, with a bus that loses messages. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEVICES, ModelRun, type ModelWorld, NODES, type Op, operation } from './model.ts'
import { startWorld, type World } from './world.ts'

/** Longer than the interval of core's position check of idle channels. */
const SETTLE = 65_000

function modelWorld(world: World): ModelWorld {
  return {
    node: world.node,
    elapse: (ms) => world.clock.advance(ms),
    lose: (every) => {
      let count = 0
      world.bus.lose(({ kind }) => every !== undefined && kind === 'publication' && ++count % every === 0)
    },
    settle: () => world.clock.advance(SETTLE),
  }
}

async function run(operations: readonly Op[]): Promise<void> {
  const world = await startWorld({ count: NODES, limits: { sendBurst: 1000, callBurst: 1000 } })
  const devices = await Promise.all(DEVICES.map(([user, name], at) => world.person(user, at % NODES, name)))
  const model = new ModelRun(modelWorld(world), devices)
  for (const op of operations) await model.do(op)
  await model.end()
  await model.check()
  expect(world.errors).toEqual([])
  await world.stop()
}

describe('devices on several nodes', () => {
  test('converge to the same conversation', { timeout: 60_000 }, async () => {
    await fc.assert(fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 60 }), run), {
      numRuns: 60,
    })
  })
})
