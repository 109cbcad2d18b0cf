/**
 * A vitest reporter that writes counts, failures and reasons of skipped tests to a file, for `test/run.ts`.
 */
import { writeFileSync } from 'node:fs'
import type { SerializedError } from 'vitest'
import type { TestModule, Vitest } from 'vitest/node'

/** Where the report goes: set by `test/run.ts`. */
export const REPORT_VARIABLE = 'SKEIN_TEST_REPORT'

export interface RunReport {
  readonly passed: number
  readonly failed: readonly Failure[]
  readonly skipped: readonly SkippedTest[]
}

export interface Failure {
  /** The file from the repository's root and the test's name, if any. */
  readonly where: string
  /** Each error's message, without the stack. */
  readonly messages: readonly string[]
}

export interface SkippedTest {
  /** Its file, from the repository's root. */
  readonly file: string
  readonly name: string
  /** The reason given by the test; '' for none. */
  readonly reason: string
}

export default class Reporter {
  #root = ''

  onInit(vitest: Vitest): void {
    this.#root = vitest.config.root
  }

  /** Modules that fail to load and errors outside of tests count as failures. */
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const failed: Failure[] = tests
      .filter((test) => ['failed', 'pending'].includes(test.result().state))
      .map((test) => ({
        where: `${this.#file(test.module)}: ${test.fullName}`,
        messages: messagesOf(test.result().errors ?? [], 'did not end'),
      }))
    for (const module of modules) {
      if (module.errors().length > 0)
        failed.push({ where: this.#file(module), messages: messagesOf(module.errors()) })
      for (const suite of module.children.allSuites())
        if (suite.errors().length > 0)
          failed.push({
            where: `${this.#file(module)}: ${suite.fullName}`,
            messages: messagesOf(suite.errors()),
          })
    }
    for (const error of unhandledErrors)
      failed.push({ where: 'outside of a test', messages: messagesOf([error]) })
    const report: RunReport = {
      passed: tests.filter((test) => test.result().state === 'passed').length,
      failed,
      skipped: tests
        .filter((test) => test.result().state === 'skipped')
        .map((test) => ({
          file: this.#file(test.module),
          name: test.fullName,
          reason: reasonOf(test.result()),
        })),
    }
    // biome-ignore lint/style/noProcessEnv: vitest loads reporters by path and hands them no arguments
    const file = process.env[REPORT_VARIABLE]
    if (file !== undefined) writeFileSync(file, JSON.stringify(report))
  }

  #file(module: TestModule): string {
    return module.moduleId.replace(`${this.#root}/`, '')
  }
}

const messagesOf = (errors: readonly SerializedError[], without = 'no message'): readonly string[] =>
  errors.length === 0 ? [without] : errors.map(({ message }) => message)

/** `skip('why')` puts its text into `note`. */
const reasonOf = (result: object): string =>
  'note' in result && typeof result.note === 'string' ? result.note : ''
