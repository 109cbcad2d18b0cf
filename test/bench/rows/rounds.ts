/** All systems are up at the same time, and each round measures one after the other. */
import type { Running, System } from '../systems/index.ts'
import type { BenchContext, Measurements, Values } from './row.ts'

/** Starts all systems, and stops them in any case. */
export async function withSystems<T>(
  systems: readonly System[],
  { redisUrl, nodes = 1 }: { readonly redisUrl: string; readonly nodes?: number },
  use: (running: readonly Running[]) => Promise<T>,
): Promise<T> {
  const running: Running[] = []
  try {
    for (const system of systems) running.push(await system.start({ redisUrl, nodes }))
    return await use(running)
  } finally {
    await Promise.all(running.map((system) => system.stop()))
  }
}

/**
 * Each round begins with another system, and every second one runs backwards: no system always follows the
 * same one.
 */
export function rotated<T>(systems: readonly T[], round: number): readonly T[] {
  const first = round % Math.max(1, systems.length)
  const order = [...systems.slice(first), ...systems.slice(0, first)]
  return round % 2 === 0 ? order : order.reverse()
}

/** Measures all systems, one after the other, once a round. */
export async function inRounds(
  running: readonly Running[],
  { rounds, say }: BenchContext,
  measure: (system: Running, round: number) => Promise<Values>,
): Promise<Measurements> {
  const results = new Map<string, Values[]>(running.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const system of rotated(running, round)) {
      const values = await measure(system, round)
      results.get(system.name)?.push(values)
      say(`  ${round + 1}/${rounds} ${system.name}: ${inWords(values)}`)
    }
  }
  return results
}

function inWords(values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${Number.isInteger(value) ? value : value.toFixed(2)}`)
    .join(', ')
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
