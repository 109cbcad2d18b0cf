import type { MachineFacts } from './facts.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const MIN_NODE_MAJOR = 24
/**
 * A client costs one file on its node and two in nginx; below this limit a few hundred clients exhaust it.
 */
const MIN_OPEN_FILES = 4096

export const judgeMachine = (machine: MachineFacts): Finding[] => [
  judgeNode(machine.nodeVersion),
  judgeOpenFiles(machine.openFiles),
  ok('docker', machine.docker ? 'an engine answers' : 'no engine answers; only container tests need one'),
  ok('local cluster', machine.localCluster ?? 'none is running'),
]

function judgeNode(version: string): Finding {
  const major = Number(/^v(\d+)/.exec(version)?.[1])
  return major >= MIN_NODE_MAJOR
    ? ok('node', version)
    : fail(
        'node',
        `${version}, older than ${MIN_NODE_MAJOR}`,
        'run "npm ci" and use "npx skein" or npm scripts: they run Node 24',
      )
}

function judgeOpenFiles(limit: number | undefined): Finding {
  if (limit === undefined) return ok('open files', 'the system does not report the limit')
  return limit >= MIN_OPEN_FILES
    ? ok('open files', `${limit} per process`)
    : warn(
        'open files',
        `${limit} per process: too few for a loaded node`,
        'raise it: ulimit -n 65536, or LimitNOFILE= of the service',
      )
}
