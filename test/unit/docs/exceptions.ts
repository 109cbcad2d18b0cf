/**
 * Names in documents that look like files or settings of this repository and are none. Each with its reason.
 */

/** Files that commands write or that the reader has, and names that are none. */
export const NO_FILES_OF_OURS: ReadonlySet<string> = new Set([
  '.env', // copied from .env.example
  'outcome.json', // written by `npm run chaos -- --json`
  'process.env', // Node's object, not a file
  'run.json', // written by `npm run bench -- --json`
])

/** Environment variables that are no settings of a node or of nginx, by the file that reads them. */
export const VARIABLES_BY_READER: Readonly<Record<string, string>> = {
  SKEIN_PUBLISH: 'docker-compose.yml',
  SKEIN_PROMETHEUS_PUBLISH: 'docker-compose.yml',
  SKEIN_GRAFANA_PUBLISH: 'docker-compose.yml',
  SKEIN_TEST_CONTAINERS: '.ci/run',
}
