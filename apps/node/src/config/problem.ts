/** A mistake in the configuration. All are found before any is reported. */
export interface Problem {
  /** The variable, or the path inside a file. */
  readonly where: string
  readonly wrong: string
  /** The remedy. */
  readonly instead: string
}

/** The configuration is invalid. The message lists every problem, one per line, and holds no secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    const lines = problems.map(({ where, wrong, instead }) => `  ${where}: ${wrong}; ${instead}`)
    super(`the configuration has ${problems.length} problem(s):\n${lines.join('\n')}`)
    this.problems = problems
  }
}
