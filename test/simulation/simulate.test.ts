/** The simulation keeps its promises, and detects the removal of each protection. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { MUTATIONS } from './mutations.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

function simulate(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' })
  return { status, output: `${stdout}${stderr}` }
}

test('no seed of some hundreds breaks a promise', () => {
  const { status, output } = simulate('--runs', '400')
  expect(status, output).toBe(0)
})

describe('some seed breaks a promise without', () => {
  test.each(MUTATIONS)('$name: $about', ({ name }) => {
    const { status, output } = simulate('--runs', '400', '--mutate', name)
    expect(status, output).toBe(1)
  })
})
