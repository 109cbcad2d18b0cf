import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { Tally } from './tally.ts'

async function lines(registry: Registry): Promise<string[]> {
  return (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}

it('sums by the combination of labels', async () => {
  const registry = new Registry()
  const tally = new Tally(registry, 't', 'Times.', ['verb', 'error'])
  tally.add(['publish', '0'])
  tally.add(['ping', '0'], 5)
  tally.add(['publish', '103'])
  tally.add(['publish', '0'], 2)
  const expected = [
    't{verb="publish",error="0"} 3',
    't{verb="ping",error="0"} 5',
    't{verb="publish",error="103"} 1',
  ]
  expect(await lines(registry)).toEqual(expected)
  expect(await lines(registry)).toEqual(expected)
})

it('exists from the start without labels', async () => {
  const registry = new Registry()
  const tally = new Tally(registry, 't', 'Times.', [])
  expect(await lines(registry)).toEqual(['t 0'])
  tally.add([])
  expect(await lines(registry)).toEqual(['t 1'])
})
