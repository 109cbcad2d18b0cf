/** A result of `doctor` about one subject. */
export type Level = 'ok' | 'warn' | 'fail'

export interface Finding {
  readonly level: Level
  /** The subject: `redis version`. */
  readonly about: string
  /** Its state, in a few words. */
  readonly says: string
  /** The remedy; absent if no action is needed. */
  readonly mend?: string
}

export const ok = (about: string, says: string): Finding => ({ level: 'ok', about, says })
export const warn = (about: string, says: string, mend: string): Finding => ({
  level: 'warn',
  about,
  says,
  mend,
})
export const fail = (about: string, says: string, mend: string): Finding => ({
  level: 'fail',
  about,
  says,
  mend,
})

/** One line per finding, one more for its remedy, and the totals. */
export function report(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ about }) => about.length))
  const lines = findings.flatMap(({ level, about, says, mend }) => [
    `${level.padEnd(4)}  ${about.padEnd(width)}  ${says}`,
    ...(mend === undefined ? [] : [`${' '.repeat(width + 8)}-> ${mend}`]),
  ])
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length
  return [...lines, '', `${count('ok')} ok, ${count('warn')} warn, ${count('fail')} fail`].join('\n')
}
