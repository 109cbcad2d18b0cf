/** `npm run chaos`: faults against real processes, in a network of their own where the machine allows it. */
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { inOwnNetwork, ownNetworkLacks } from '@skein/testkit'
import { type ChaosOptions, readOptions, USAGE } from './options.ts'
import { failed, type Outcome } from './outcome.ts'
import { asJson, report, summary } from './report.ts'
import { runScenario } from './run.ts'
import { SCENARIOS } from './scenarios/index.ts'

/** Passed to the process inside the network. */
const INSIDE = '--inside'

async function main(args: readonly string[]): Promise<number> {
  const inside = args.includes(INSIDE)
  const options = understood(args.filter((arg) => arg !== INSIDE))
  if (options === undefined) return 64 // EX_USAGE of sysexits.h
  if (options.list) return list()
  if (!inside && ownNetworkLacks() === undefined) return await runInside(args)
  return await runAll(options)
}

function understood(args: readonly string[]): ChaosOptions | undefined {
  try {
    return readOptions(args, SCENARIOS)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
    return undefined
  }
}

function list(): number {
  for (const { name, about, seconds } of SCENARIOS) {
    console.log(`${name.padEnd(24)}${about} (${seconds.short} s, ${seconds.long} s)`)
  }
  return 0
}

/** Ports, firewall and addresses of its own. */
function runInside(args: readonly string[]): Promise<number> {
  const self = fileURLToPath(import.meta.url)
  const [command, inner] = inOwnNetwork(process.execPath, [self, INSIDE, ...args])
  const child = spawn(command, inner, { stdio: 'inherit' })
  // Ctrl-C reaches the whole group: the child stops first, then this process.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)))
}

async function runAll(options: ChaosOptions): Promise<number> {
  const { scenarios, form, seconds, seed, runs, json, keep } = options
  const outcomes: Outcome[] = []
  for (const scenario of scenarios) {
    for (let run = 0; run < runs; run++) {
      const outcome = await runScenario(scenario, {
        form,
        seed: seed + run,
        ...(seconds !== undefined && { seconds }),
        ...(keep !== undefined && { keepIn: keep }),
      })
      outcomes.push(outcome)
      console.log(`${report(outcome)}\n`)
    }
  }
  console.log(summary(outcomes))
  if (json !== undefined) await writeFile(json, asJson(outcomes))
  return outcomes.some(failed) ? 1 : 0
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
process.exit(await main(process.argv.slice(2)))
