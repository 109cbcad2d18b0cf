/** `skein doctor`: reports missing, wrong and unsafe parts with their remedies. */
import { type Command, flag } from '../command.ts'
import { collect } from '../doctor/collect.ts'
import type { Facts } from '../doctor/facts.ts'
import { type Finding, report } from '../doctor/finding.ts'
import { judgeConfig } from '../doctor/judge-config.ts'
import { judgeMachine } from '../doctor/judge-machine.ts'
import { judgeNginx } from '../doctor/judge-nginx.ts'
import { judgeRedis } from '../doctor/judge-redis.ts'
import { judgeReplication } from '../doctor/judge-replication.ts'
import { localCluster, PORT_OPTION } from '../target.ts'

export const doctor: Command = {
  name: 'doctor',
  words: '',
  summary: 'Reports missing, wrong and unsafe parts of this machine, with remedies.',
  options: {
    json: { type: 'boolean', text: 'Print the findings as JSON.' },
    port: PORT_OPTION,
  },
  notes: [
    'Checks this machine, the configuration in SKEIN_*, Redis (of the running local cluster, else SKEIN_REDIS_URL) and',
    'nginx. Changes nothing. Exit code 1 if a check fails; warnings do not count.',
  ].join('\n'),
  async run(call, { env, out }) {
    const findings = judge(await collect(env, localCluster(call, env)))
    out(flag(call, 'json') ? JSON.stringify(findings, null, 2) : report(findings))
    return findings.some(({ level }) => level === 'fail') ? 1 : 0
  },
}

export const judge = (facts: Facts): Finding[] => [
  ...judgeMachine(facts.machine),
  ...judgeConfig(facts.config),
  ...judgeRedis(facts.redis),
  ...judgeReplication(facts.config, facts.redis),
  ...judgeNginx(facts.nginx),
]
