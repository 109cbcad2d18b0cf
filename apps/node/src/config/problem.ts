/** Something wrong with the configuration. All problems are found before any is reported. */
export interface Problem {
  /** The variable, or the path inside a file. */
  readonly where: string
  readonly wrong: string
  /** What to do. */
  readonly instead: string
}

/** The configuration cannot be used. Its message lists every problem, one to a line, and holds no secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    const lines = problems.map(({ where, wrong, instead }) => `  ${where}: ${wrong}; ${instead}`)
    super(`the configuration has ${problems.length} problem(s):\n${lines.join('\n')}`)
    this.problems = problems
  }
}
