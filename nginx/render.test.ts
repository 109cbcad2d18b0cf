import { describe, expect, it } from 'vitest'
import type { NginxOptions } from './options.ts'
import { renderNginx } from './render.ts'

const plain: NginxOptions = {
  dir: '/run/skein',
  listen: '127.0.0.1:8000',
  nodes: ['127.0.0.1:8081', '127.0.0.1:8082'],
}

/** The directives without comments and extra spaces. */
function directives(options: NginxOptions): string {
  return renderNginx(options)
    .split('\n')
    .map((line) =>
      line
        .replace(/(^|\s)#.*/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '')
    .join('\n')
}

describe('renderNginx', () => {
  it('is one file without includes and unresolved settings', () => {
    expect(directives(plain)).not.toMatch(/include|SKEIN_NGINX/)
  })

  it('lists every node, and places by network by default', () => {
    expect(directives(plain)).toContain('ip_hash;')
    expect(directives(plain)).toContain('server 127.0.0.1:8081 max_fails=0;')
    expect(directives(plain)).toContain('server 127.0.0.1:8082 max_fails=0;')
  })

  it.each([
    ['least-conn', 'least_conn;'],
    [{ hash: '$skein_user' }, 'hash $skein_user consistent;'],
  ] as const)('places by %j', (policy, directive) => {
    const text = directives({ ...plain, policy })
    expect(text).toContain(directive)
    expect(text).not.toContain('ip_hash;')
  })

  it('writes nothing outside its folder', () => {
    const written = [...directives(plain).matchAll(/(?:^pid|_temp_path|_log|unix:)\s*(\/\S+?)[; ]/gm)]
    expect(written.length).toBeGreaterThanOrEqual(6)
    for (const [, path] of written) expect(path).toMatch(/^\/run\/skein\//)
  })

  it('writes an access log in its own format, or none', () => {
    expect(directives(plain)).toContain('access_log /run/skein/access.log skein;')
    expect(directives({ ...plain, accessLog: 'off' })).not.toMatch(/^access_log (?!off;)/m)
  })

  it('trusts no proxy unless it is listed', () => {
    expect(directives(plain)).not.toContain('set_real_ip_from')
    const behind = { trusted: ['10.0.0.0/8', 'fd00::/8'], by: 'PROXY protocol' } as const
    const text = directives({ ...plain, behind })
    expect(text).toContain('set_real_ip_from 10.0.0.0/8; set_real_ip_from fd00::/8;')
    expect(text).toContain('real_ip_header proxy_protocol;')
    expect(text).toContain('listen 127.0.0.1:8000 backlog=4096 proxy_protocol;')
  })

  it('has a read timeout above twice the ping interval plus the pong timeout', () => {
    const [pingInterval, pongTimeout] = [25, 8]
    const [, seconds] = /proxy_read_timeout (\d+)s;/.exec(directives(plain)) ?? []
    expect(Number(seconds)).toBeGreaterThan(2 * pingInterval + pongTimeout)
  })

  it.each([
    { nodes: [] },
    { nodes: ['127.0.0.1:1; } evil {'] },
    { listen: '80; return 200 "x"' },
    { policy: { hash: '$a consistent; #' } },
    { behind: { trusted: ['10.0.0.0/8; }'] } },
    { limits: { connections: 0 } },
    { limits: { handshakesPerSecond: Number.NaN } },
    { dir: '/tmp/{evil}' },
  ])('rejects %j', (wrong) => {
    expect(() => renderNginx({ ...plain, ...wrong } as NginxOptions)).toThrow(/^nginx /)
  })
})
