/** What `doctor` found out about one thing. */
export type Level = 'ok' | 'warn' | 'fail'

export interface Finding {
  readonly level: Level
  /** What was looked at: `redis version`. */
  readonly about: string
  /** How it stands, in a few words. */
  readonly says: string
  /** How to mend it; absent when it is well. */
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

/** One line each, and one more where there is something to mend. */
export function report(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ about }) => about.length))
  const lines = findings.flatMap(({ level, about, says, mend }) => [
    `${level.padEnd(4)}  ${about.padEnd(width)}  ${says}`,
    ...(mend === undefined ? [] : [`${' '.repeat(width + 8)}-> ${mend}`]),
  ])
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length
  return [...lines, '', `${count('ok')} ok, ${count('warn')} warn, ${count('fail')} fail`].join('\n')
}
