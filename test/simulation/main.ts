/** `npm run simulate`: many seeds, up to the first that breaks a promise. */
import { parseArgs } from 'node:util'
import { MUTATIONS, mutate } from './mutations.ts'

const USAGE = `npm run simulate -- [options]
  --runs N      schedules (default 1000)
  --seed N      of the first one (default 1); the others follow
  --mutate NAME without a protection: it must be found out (exit code 1). ${MUTATIONS.map(({ name }) => name).join(', ')}`

/** Limit of broken promises: a broken simulation does not print forever. */
const SHOWN = 3

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      mutate: { type: 'string' },
    },
  })
  const { runs, seed, mutate: name } = values
  if (name !== undefined) {
    const mutation = MUTATIONS.find((one) => one.name === name)
    if (mutation === undefined) throw new Error(`there is no mutation "${name}"`)
    mutate(mutation)
    console.log(`mutated: ${mutation.about}`)
  }
  return await simulateAll(Number(seed), Number(runs), name !== undefined)
}

/** With a mutation the first seed that detects it is enough. */
async function simulateAll(first: number, runs: number, untilBroken: boolean): Promise<number> {
  // Imported here: a mutation must be installed before the sources that it changes.
  const { simulate } = await import('./simulate.ts')
  const sums = { published: 0, delivered: 0, notified: 0, forfeited: 0, failovers: 0 }
  const began = performance.now()
  let broken = 0
  let done = 0
  for (let seed = first; seed < first + runs; seed++) {
    const { verdict, ghosts, failovers } = await simulate(seed)
    done++
    sums.published += verdict.published
    sums.delivered += verdict.delivered
    sums.notified += verdict.notified
    sums.forfeited += verdict.forfeited
    sums.failovers += failovers
    const wrong = [...verdict.examples.map(({ kind, what }) => `${kind}: ${what}`), ...ghosts]
    if (wrong.length === 0) continue
    broken++
    if (broken <= SHOWN) console.log([`seed ${seed}:`, ...wrong.slice(0, 5)].join('\n  '))
    if (untilBroken) break
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${done} schedules in ${seconds} s, ${broken} broken; ${JSON.stringify(sums)}`)
  return broken > 0 ? 1 : 0
}

try {
  process.exit(await main())
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
  process.exit(64) // EX_USAGE of sysexits.h
}
