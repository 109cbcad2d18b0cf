/** One vitest run for one project. Projects run one after the other: none disturbs the times of another. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { COMPILE_CACHE } from './compile-cache.ts'
import { ENV } from './machine.ts'
import type { Project } from './projects.ts'
import { type Failure, REPORT_VARIABLE, type RunReport } from './reporter.ts'

const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url))
const CONFIG = fileURLToPath(new URL('../vitest.config.ts', import.meta.url))
const REPORTER = fileURLToPath(new URL('reporter.ts', import.meta.url))

/**
 * vitest prints its usual output. A run without a report, or one that fails without a failed test, counts as
 * one failure.
 */
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
      env: {
        NODE_COMPILE_CACHE: COMPILE_CACHE,
        ...ENV,
        [REPORT_VARIABLE]: file,
        TESTCONTAINERS_RYUK_DISABLED: 'true',
      },
    })
    const report = read(project, file)
    if (status === 0 || report.failed.length > 0) return report
    return { ...report, failed: [failure(project, `vitest ended with ${status ?? 'a signal'}`)] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function read(project: Project, file: string): RunReport {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunReport
  } catch (error) {
    const message = `vitest ended without a report: ${String(error)}`
    return { passed: 0, failed: [failure(project, message)], skipped: [] }
  }
}

const failure = (project: Project, message: string): Failure => ({
  where: `project ${project}`,
  messages: [message],
})
