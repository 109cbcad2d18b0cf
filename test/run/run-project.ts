/** One vitest run for one project. Projects run one after the other, so that none disturbs the times of another. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ENV } from './machine.ts'
import type { Project } from './projects.ts'
import { REPORT_VARIABLE, type RunReport } from './reporter.ts'

const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
const CONFIG = fileURLToPath(new URL('../vitest.config.ts', import.meta.url))
const REPORTER = fileURLToPath(new URL('reporter.ts', import.meta.url))

/** vitest prints as always. A run that wrote no report, or failed without a failed test, counts as one failure. */
export function runProject(project: Project): RunReport {
  const folder = mkdtempSync(join(tmpdir(), 'skein-test-'))
  try {
    const file = join(folder, 'report.json')
    const args = [
      VITEST,
      'run',
      '--config',
      CONFIG,
      '--project',
      project,
      '--passWithNoTests',
      '--reporter=default',
      `--reporter=${REPORTER}`,
    ]
    const { status } = spawnSync(process.execPath, args, {
      stdio: 'inherit',
      env: { ...ENV, [REPORT_VARIABLE]: file, TESTCONTAINERS_RYUK_DISABLED: 'true' },
    })
    const report = read(file)
    return status !== 0 && report.failed === 0 ? { ...report, failed: 1 } : report
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function read(file: string): RunReport {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunReport
  } catch (error) {
    console.error(`vitest ended without a report: ${String(error)}`)
    return { passed: 0, failed: 1, skipped: [] }
  }
}
