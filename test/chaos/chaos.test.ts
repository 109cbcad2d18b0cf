/** The short form of every scenario, by the command of `npm run chaos`. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, type TestContext, test } from 'vitest'
import type { Outcome } from './outcome.ts'
import { SCENARIOS } from './scenarios/index.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

interface Ended {
  readonly code: number
  readonly output: string
}

function chaos(args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { maxBuffer: 10_000_000 }, (error, stdout, stderr) => {
      resolve({
        code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1,
        output: `${stdout}${stderr}`,
      })
    })
  })
}

async function runShort(name: string, { onTestFinished, skip, expect }: TestContext): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'skein-chaos-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const json = join(folder, 'outcome.json')
  const { code, output } = await chaos(['--short', '--scenario', name, '--json', json])
  expect(code, output).toBe(0)
  const { outcomes } = JSON.parse(await readFile(json, 'utf8')) as { outcomes: Outcome[] }
  const [outcome] = outcomes
  if (outcome?.state === 'skipped') skip(outcome.reason)
  expect(outcome).toMatchObject({ state: 'ran', failures: [] })
}

const [alone, together] = [
  SCENARIOS.filter((scenario) => scenario.alone),
  SCENARIOS.filter((scenario) => !scenario.alone),
]

// Each has its own processes, and its own network where the machine allows it.
test.concurrent.for(together)('$name: $about', ({ name }, context) => runShort(name, context))

test.for(alone)('$name: $about', ({ name }, context) => runShort(name, context))

test('rejects an unknown scenario and an invalid number without a run', async () => {
  for (const args of [
    ['--scenario', 'nonsense'],
    ['--seed', '-1'],
  ]) {
    const { code, output } = await chaos(args)
    expect(code).toBe(64)
    expect(output).toContain('npm run chaos')
  }
})
