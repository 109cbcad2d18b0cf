/** The closing words of `npm test`. Pure. */
import type { Selection } from './projects.ts'
import type { RunReport } from './reporter.ts'

/** What was skipped and why, then the sums alone on the last line: `N passed, N failed`, `, N skipped` if any were. */
export function summary(reports: readonly RunReport[], skippedProjects: Selection['skipped']): string {
  const sum = (count: (report: RunReport) => number) =>
    reports.reduce((total, report) => total + count(report), 0)
  const skipped = reports.flatMap((report) => report.skipped)
  const lines = [
    ...skippedProjects.map(({ project, reason }) => `  project ${project}: ${reason}`),
    ...skipped.map(({ file, name, reason }) => `  ${file}: ${name}${reason === '' ? '' : `: ${reason}`}`),
  ]
  const counts = [
    `${sum((report) => report.passed)} passed`,
    `${sum((report) => report.failed)} failed`,
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
  ]
  return [...(lines.length > 0 ? ['Skipped:', ...lines, ''] : []), counts.join(', ')].join('\n')
}
