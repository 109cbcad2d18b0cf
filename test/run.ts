/**
 * `npm test`: installs missing programs where it may, runs every test project that this machine can run, and
 * reports skipped tests with reasons. `npm test -- unit redis` runs only those. Exits with 1 when a test
 * failed.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const NEEDED = 24
if (Number(process.versions.node.split('.')[0]) >= NEEDED) await main()
else startAgain()

async function main(): Promise<void> {
  // Loaded here only: an older Node cannot parse all of it.
  const { install, missingOf } = await import('./run/machine.ts')
  const { NEEDS, select, WANTS, wantedProjects } = await import('./run/projects.ts')
  const { runProject } = await import('./run/run-project.ts')
  const { summary } = await import('./run/summary.ts')
  const wanted = wantedProjects(process.argv.slice(2))
  const needs = wanted.flatMap((project) => NEEDS[project])
  install(missingOf([...needs, ...wanted.flatMap((project) => WANTS[project] ?? [])]))
  const { run, skipped } = select(wanted, missingOf(needs), process.platform)
  const reports = run.map(runProject)
  console.log(`\n${summary(reports, skipped)}`)
  if (reports.some(({ failed }) => failed.length > 0)) process.exitCode = 1
}

/** `npm test` puts the pinned Node first on PATH; an older Node that runs this file starts the pinned one. */
function startAgain(): void {
  const pinned = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url))
  const { status, error } = spawnSync(pinned, process.argv.slice(1), { stdio: 'inherit' })
  if (error !== undefined) console.error(`the tests need Node ${NEEDED}: run "npm ci" first, it brings one`)
  process.exitCode = status ?? 1
}
