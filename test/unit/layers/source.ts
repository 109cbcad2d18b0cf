/** One source file, as the checks take it. */
export interface Source {
  /** From the repository's root, with `/`. */
  readonly path: string
  readonly text: string
}

/** Tests, modules that only tests share (`testing/`), and benchmarks. */
const TEST_PATH = /^test\/|\.test\.tsx?$|\/(testing|bench)\//

export const isTestPath = (path: string): boolean => TEST_PATH.test(path)
