import type { NginxFacts } from './facts.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const OLDEST: readonly [number, number] = [1, 22]

export function judgeNginx(nginx: NginxFacts): Finding[] {
  if (nginx.kind === 'none') {
    return [
      warn(
        'nginx',
        'none: "npm start" uses a built-in listener',
        'install nginx to run what production runs',
      ),
    ]
  }
  return [judgeVersion(nginx.version), judgeConfig(nginx.problem)]
}

function judgeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
    ? ok('nginx version', version)
    : fail('nginx version', `${version}, older than ${OLDEST.join('.')}`, 'upgrade nginx')
}

const judgeConfig = (problem: string | undefined): Finding =>
  problem === undefined
    ? ok('nginx configuration', 'accepted by nginx -t')
    : fail(
        'nginx configuration',
        problem,
        'the build lacks a module that the configuration needs: install the full nginx package',
      )
