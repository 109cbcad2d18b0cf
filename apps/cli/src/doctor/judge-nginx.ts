import type { NginxFacts } from './facts.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const MIN_VERSION: readonly [number, number] = [1, 22]

export function judgeNginx(nginx: NginxFacts): Finding[] {
  if (nginx.kind === 'none') {
    return [
      warn(
        'nginx',
        'not installed: "npm start" uses a built-in listener',
        'install nginx to match production',
      ),
    ]
  }
  return [judgeVersion(nginx.version), judgeConfig(nginx.problem)]
}

function judgeVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > MIN_VERSION[0] || (major === MIN_VERSION[0] && minor >= MIN_VERSION[1])
    ? ok('nginx version', version)
    : fail('nginx version', `${version}, older than ${MIN_VERSION.join('.')}`, 'upgrade nginx')
}

const judgeConfig = (problem: string | undefined): Finding =>
  problem === undefined
    ? ok('nginx configuration', 'accepted by nginx -t')
    : fail(
        'nginx configuration',
        problem,
        'install the full nginx package: this build lacks a module that the configuration requires',
      )
