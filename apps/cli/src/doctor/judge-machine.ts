import type { MachineFacts } from './facts.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const NODE_MAJOR = 24
/** A client costs one file on its node and two on nginx; below this a few hundred clients reach the limit. */
const FEW_FILES = 4096

export const judgeMachine = (machine: MachineFacts): Finding[] => [
  judgeNode(machine.nodeVersion),
  judgeOpenFiles(machine.openFiles),
  ok(
    'docker',
    machine.docker ? 'an engine answers' : 'no engine answers; it is needed for container tests only',
  ),
  ok('local cluster', machine.localCluster ?? 'none runs'),
]

function judgeNode(version: string): Finding {
  const major = Number(/^v(\d+)/.exec(version)?.[1])
  return major >= NODE_MAJOR
    ? ok('node', version)
    : fail(
        'node',
        `${version}, older than ${NODE_MAJOR}`,
        'run "npm ci" and use "npx skein" or npm scripts: they bring Node 24',
      )
}

function judgeOpenFiles(limit: number | undefined): Finding {
  if (limit === undefined) return ok('open files', 'the system does not say')
  return limit >= FEW_FILES
    ? ok('open files', `${limit} per process`)
    : warn(
        'open files',
        `${limit} per process: a node can hold fewer clients`,
        'raise it: ulimit -n 65536, or LimitNOFILE= of the service',
      )
}
