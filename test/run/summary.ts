/** The last lines of `npm test`. Pure. */
import type { Selection } from './projects.ts'
import type { Failure, RunReport } from './reporter.ts'

/**
 * Failures, skipped tests with reasons, then the sums alone on the last line: `N passed, N failed`, `, N
 * skipped` if any were.
 */
export function summary(reports: readonly RunReport[], skippedProjects: Selection['skipped']): string {
  const failed = reports.flatMap((report) => report.failed)
  const skipped = reports.flatMap((report) => report.skipped)
  const lines = [
    ...skippedProjects.map(({ project, reason }) => `  project ${project}: ${reason}`),
    ...skipped.map(({ file, name, reason }) => `  ${file}: ${name}${reason === '' ? '' : `: ${reason}`}`),
  ]
  const counts = [
    `${reports.reduce((total, { passed }) => total + passed, 0)} passed`,
    `${failed.length} failed`,
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
  ]
  return [...block('Failed:', failed.map(describe)), ...block('Skipped:', lines), counts.join(', ')].join(
    '\n',
  )
}

const block = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length > 0 ? [title, ...lines, ''] : []

/** No empty line inside: a script that cuts the block out of a log ends at the first one. */
const describe = ({ where, messages }: Failure): string =>
  [`  ${where}`, ...messages.flatMap((message) => message.split('\n'))]
    .filter((line) => line.trim() !== '')
    .join('\n    ')
