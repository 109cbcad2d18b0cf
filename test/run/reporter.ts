/** A vitest reporter that writes down the counts of a run and why tests were skipped, for `test/run.ts` to sum up. */
import { writeFileSync } from 'node:fs'
import type { TestModule, Vitest } from 'vitest/node'

/** Where the report goes: set by `test/run.ts`. */
export const REPORT_VARIABLE = 'SKEIN_TEST_REPORT'

export interface RunReport {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly SkippedTest[]
}

export interface SkippedTest {
  /** Its file, from the repository's root. */
  readonly file: string
  readonly name: string
  /** What the test said; '' when it said nothing. */
  readonly reason: string
}

export default class Reporter {
  #root = ''

  onInit(vitest: Vitest): void {
    this.#root = vitest.config.root
  }

  /** Files that could not be loaded and errors outside of tests count as failures: nothing that went wrong may be lost. */
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const count = (state: string) => tests.filter((test) => test.result().state === state).length
    const broken = modules.filter((module) => module.errors().length > 0).length
    const suites = modules.flatMap((module) => [...module.children.allSuites()])
    const brokenSuites = suites.filter((suite) => suite.errors().length > 0).length
    const report: RunReport = {
      passed: count('passed'),
      failed: count('failed') + count('pending') + broken + brokenSuites + unhandledErrors.length,
      skipped: tests
        .filter((test) => test.result().state === 'skipped')
        .map((test) => ({
          file: test.module.moduleId.replace(`${this.#root}/`, ''),
          name: test.fullName,
          reason: reasonOf(test.result()),
        })),
    }
    // biome-ignore lint/style/noProcessEnv: vitest loads reporters by path and hands them no arguments
    const file = process.env[REPORT_VARIABLE]
    if (file !== undefined) writeFileSync(file, JSON.stringify(report))
  }
}

/** `skip('why')` leaves its words in `note`. */
const reasonOf = (result: object): string =>
  'note' in result && typeof result.note === 'string' ? result.note : ''
