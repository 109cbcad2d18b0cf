/**
 * Runs templates/start.sh with its own resolv.conf and a stub of the entry point that prints its variables.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readDefaults } from './defaults.ts'

const SCRIPT = readFileSync(new URL('templates/start.sh', import.meta.url), 'utf8')
const KUBERNETES = 'search skein.svc.corp.example svc.corp.example corp.example\nnameserver 10.96.0.10\n'

interface Result {
  readonly status: number | null
  readonly variables: Readonly<Record<string, string>>
  readonly args: string
  readonly error: string
}

function start(settings: Readonly<Record<string, string>>, resolvConf: string, ...args: string[]): Result {
  const dir = mkdtempSync(join(tmpdir(), 'skein-start-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const entryPoint = join(dir, 'entrypoint.sh')
  writeFileSync(entryPoint, '#!/bin/sh\necho "$@"\nenv\n')
  chmodSync(entryPoint, 0o755)
  writeFileSync(join(dir, 'resolv.conf'), resolvConf)
  const script = SCRIPT.replaceAll('/docker-entrypoint.sh', entryPoint).replaceAll(
    '/etc/resolv.conf',
    join(dir, 'resolv.conf'),
  )
  const env = { PATH: '/usr/bin:/bin', ...readDefaults(), ...settings }
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script, 'start.sh', ...args], {
    env,
    encoding: 'utf8',
  })
  const [line = '', ...rest] = stdout.split('\n')
  const variables = Object.fromEntries(
    rest.map((one) => [one.split('=')[0] ?? '', one.slice(one.indexOf('=') + 1)]),
  )
  return { status, variables, args: line, error: stderr }
}

describe('start.sh', () => {
  it('runs nginx with the rendered configuration and its own arguments', () => {
    const { args, status } = start({}, 'nameserver 127.0.0.11\n', '-t')
    expect(args).toBe('nginx -c /etc/nginx/conf.d/skein.conf -g daemon off; -t')
    expect(status).toBe(0)
  })

  it.each([
    ['off', 'off'],
    ['/dev/stdout', '/dev/stdout skein'],
  ])('access log %s', (setting, value) => {
    const { variables } = start({ SKEIN_NGINX_ACCESS_LOG: setting }, 'nameserver 127.0.0.11\n')
    expect(variables['SKEIN_NGINX_ACCESS_LOG_VALUE']).toBe(value)
  })

  it.each([
    ['srv', 'ip_hash', 'hash $skein_ip_network consistent'],
    ['srv', 'least_conn', 'least_conn'],
    ['srv', 'hash $skein_user consistent', 'hash $skein_user consistent'],
    ['dns', 'ip_hash', 'ip_hash'],
  ])('nodes from %s, policy %s: %s', (from, policy, value) => {
    const settings = { SKEIN_NGINX_NODES_FROM: from, SKEIN_NGINX_POLICY: policy }
    const { variables } = start(settings, 'nameserver 127.0.0.11\n')
    expect(variables['SKEIN_NGINX_POLICY_VALUE']).toBe(value)
  })

  it('resolves by the name servers of the container, or by the given ones', () => {
    const two = 'nameserver 10.0.0.1\noptions ndots:5\nnameserver fd00::a\n'
    expect(start({}, two).variables['SKEIN_NGINX_RESOLVER']).toBe('10.0.0.1 [fd00::a]')
    const given = { SKEIN_NGINX_RESOLVER: '192.0.2.1' }
    expect(start(given, two).variables['SKEIN_NGINX_RESOLVER']).toBe('192.0.2.1')
    expect(start({}, '').error).toContain('set SKEIN_NGINX_RESOLVER')
    expect(start({}, '').status).toBe(1)
  })

  it('appends the domain of the cluster to the name of a Service', () => {
    const nodes = (name: string, resolvConf: string) => start({ SKEIN_NGINX_NODES: name }, resolvConf)
    const found = nodes('skein-node.skein.svc:8080', KUBERNETES).variables['SKEIN_NGINX_NODES']
    expect(found).toBe('skein-node.skein.svc.corp.example:8080')
    expect(nodes('skein-node.skein.svc', KUBERNETES).variables['SKEIN_NGINX_NODES']).toBe(
      'skein-node.skein.svc.corp.example',
    )
    expect(nodes('node:8080', KUBERNETES).variables['SKEIN_NGINX_NODES']).toBe('node:8080')
    expect(nodes('a.b.svc:1', 'nameserver 10.0.0.1\n').error).toContain('add the domain of the cluster')
  })
})
