import { describe, expect, it } from 'vitest'
import { configFacts } from './collect.ts'
import type { ConfigFacts, MachineFacts, RedisFacts } from './facts.ts'
import { type Finding, report } from './finding.ts'
import { judgeConfig } from './judge-config.ts'
import { judgeMachine } from './judge-machine.ts'
import { judgeNginx } from './judge-nginx.ts'
import { judgeRedis } from './judge-redis.ts'
import { judgeReplication } from './judge-replication.ts'

const about = (findings: readonly Finding[], name: string) =>
  findings.find((finding) => finding.about === name)
const bad = (findings: readonly Finding[]) => findings.filter(({ level }) => level !== 'ok')

describe('the machine', () => {
  const well: MachineFacts = {
    nodeVersion: 'v24.21.0',
    openFiles: 65_536,
    docker: false,
    localCluster: undefined,
  }

  it('passes', () => expect(bad(judgeMachine(well))).toEqual([]))
  it('fails with an old Node', () => {
    expect(about(judgeMachine({ ...well, nodeVersion: 'v20.1.0' }), 'node')).toMatchObject({ level: 'fail' })
  })
  it('warns of a low limit of open files, and not of an unknown one', () => {
    expect(about(judgeMachine({ ...well, openFiles: 1024 }), 'open files')).toMatchObject({ level: 'warn' })
    expect(bad(judgeMachine({ ...well, openFiles: undefined }))).toEqual([])
  })
})

describe('the configuration', () => {
  const well: ConfigFacts = {
    problems: [],
    any: true,
    production: true,
    knownSecret: false,
    apiKey: true,
    allowAnonymous: false,
    anyOrigin: false,
    internalOpen: false,
    rebalance: false,
    replicated: [],
    policy: 'ip_hash',
  }

  it('passes', () => expect(bad(judgeConfig(well))).toEqual([]))
  it('is not judged if no variable is set', () => {
    expect(judgeConfig({ ...well, any: false, apiKey: false })).toHaveLength(1)
  })
  it('fails once per problem, with the remedy', () => {
    const problems = [
      { where: 'SKEIN_PORT', wrong: '"x" is not a whole number', instead: 'write digits only' },
      { where: 'SKEIN_CONFIG', wrong: 'is missing', instead: 'write one' },
    ]
    expect(judgeConfig({ ...well, problems })).toEqual([
      { level: 'fail', about: 'SKEIN_PORT', says: '"x" is not a whole number', mend: 'write digits only' },
      { level: 'fail', about: 'SKEIN_CONFIG', says: 'is missing', mend: 'write one' },
    ])
  })
  it.each([
    ['token secret', { knownSecret: true }],
    ['anonymous clients', { allowAnonymous: true }],
    ['origins', { anyOrigin: true }],
    ['server API', { apiKey: false }],
    ['internal port', { internalOpen: true }],
    ['rebalance', { rebalance: true }],
  ])('warns of %s', (name, facts) => {
    expect(bad(judgeConfig({ ...well, ...facts }))).toMatchObject([{ level: 'warn', about: name }])
  })
})

describe('rebalance', () => {
  const env = { SKEIN_ENV: 'development', SKEIN_INTERNAL_HOST: '127.0.0.1' }
  const found = (more: Record<string, string>) =>
    about(judgeConfig(configFacts({ ...env, ...more })), 'rebalance')

  it('warns if the placement of nginx cancels it', () => {
    expect(found({ SKEIN_REBALANCE: 'on' })).toMatchObject({
      level: 'warn',
      mend: expect.stringContaining('least_conn'),
    })
    expect(found({ SKEIN_REBALANCE: 'on', SKEIN_NGINX_POLICY: 'least_conn' })?.level).toBe('ok')
    expect(found({ SKEIN_REBALANCE: 'on', SKEIN_NGINX_POLICY: 'hash $skein_user consistent' })?.level).toBe(
      'ok',
    )
    expect(found({})?.says).toContain('ip_hash')
  })
})

describe('Redis', () => {
  const well: Extract<RedisFacts, { kind: 'reached' }> = {
    kind: 'reached',
    url: 'redis://10.0.0.1:6379',
    version: '7.0.15',
    maxmemoryPolicy: 'noeviction',
    maxmemory: 1_000_000,
    appendonly: true,
    save: true,
    pubsubHardLimit: 256 * 1024 ** 2,
    password: true,
    replicas: 1,
  }

  it.each([
    [0, 'warn'],
    [2, 'ok'],
  ])('replicated namespaces with %i replicas: %s', (replicas, level) => {
    const facts = { ...configFacts({}), replicated: ['orders'] }
    expect(judgeReplication(facts, { ...well, replicas })).toMatchObject([{ about: 'durability', level }])
    expect(judgeReplication(configFacts({}), { ...well, replicas })).toEqual([])
  })

  it('passes', () => expect(bad(judgeRedis(well))).toEqual([]))
  it.each([
    ['redis version', 'fail', { version: '6.2.14' }],
    ['redis memory', 'fail', { maxmemoryPolicy: 'allkeys-lru' }],
    ['redis memory', 'warn', { maxmemory: 0 }],
    ['redis memory', 'warn', { maxmemoryPolicy: undefined }],
    ['redis persistence', 'warn', { appendonly: false }],
    ['redis persistence', 'warn', { appendonly: false, save: false }],
    ['redis persistence', 'warn', { appendonly: undefined }],
    ['redis output buffers', 'warn', { pubsubHardLimit: 8 * 1024 ** 2 }],
    ['redis output buffers', 'warn', { pubsubHardLimit: 0 }],
    ['redis access', 'warn', { password: false }],
  ] as const)('%s: %s for %j', (name, level, facts) => {
    expect(bad(judgeRedis({ ...well, ...facts }))).toMatchObject([{ about: name, level }])
  })
  it('needs no password on loopback', () => {
    expect(bad(judgeRedis({ ...well, url: 'redis://127.0.0.1:6379', password: false }))).toEqual([])
  })
  it('fails if it is unreachable', () => {
    const facts = { kind: 'unreachable', url: 'redis://h:1', reason: 'ECONNREFUSED' } as const
    expect(judgeRedis(facts)).toMatchObject([{ level: 'fail' }])
  })
  it('passes unconfigured if redis-server is installed, and warns otherwise', () => {
    expect(judgeRedis({ kind: 'none', binary: true })).toMatchObject([{ level: 'ok' }])
    expect(judgeRedis({ kind: 'none', binary: false })).toMatchObject([{ level: 'warn' }])
  })
})

describe('nginx', () => {
  it('passes', () => {
    expect(bad(judgeNginx({ kind: 'found', version: '1.22.1', problem: undefined }))).toEqual([])
  })
  it('fails if it is old or rejects the configuration', () => {
    const findings = judgeNginx({ kind: 'found', version: '1.18.0', problem: 'unknown directive "x"' })
    expect(findings.map(({ level }) => level)).toEqual(['fail', 'fail'])
  })
  it('warns if it is not installed', () =>
    expect(judgeNginx({ kind: 'none' })).toMatchObject([{ level: 'warn' }]))
})

it('reports one line per finding, the remedy below it, and the totals', () => {
  const findings: Finding[] = [
    { level: 'ok', about: 'node', says: 'v24' },
    { level: 'fail', about: 'redis', says: 'gone', mend: 'start it' },
  ]
  expect(report(findings)).toBe(
    'ok    node   v24\nfail  redis  gone\n             -> start it\n\n1 ok, 0 warn, 1 fail',
  )
})
