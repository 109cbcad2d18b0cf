import { describe, expect, it } from 'vitest'
import type { Machine } from './machine.ts'
import type { UpOptions } from './options.ts'
import { installHint, pick } from './pick.ts'

const NOTHING: Machine = { redisServer: undefined, nginx: undefined, docker: false }
const BINARIES: Machine = { redisServer: '/usr/bin/redis-server', nginx: '/usr/sbin/nginx', docker: true }
const OPTIONS: UpOptions = { nodes: 3, port: 8000, redisUrl: undefined, embedded: false }

describe('pick', () => {
  it('prefers binaries to containers', () => {
    expect(pick(OPTIONS, BINARIES)).toEqual({
      broker: { kind: 'binary', path: '/usr/bin/redis-server' },
      front: { kind: 'binary', path: '/usr/sbin/nginx' },
    })
  })

  it('prefers an explicit URL to everything else', () => {
    const url = 'redis://127.0.0.1:6379'
    expect(pick({ ...OPTIONS, redisUrl: url }, BINARIES).broker).toEqual({ kind: 'url', url })
  })

  it('picks containers if an engine answers and no binary is installed', () => {
    expect(pick(OPTIONS, { ...NOTHING, docker: true })).toEqual({
      broker: { kind: 'docker' },
      front: { kind: 'docker' },
    })
  })

  it('picks each part independently', () => {
    expect(pick(OPTIONS, { ...BINARIES, nginx: undefined }).front).toEqual({ kind: 'docker' })
    expect(pick(OPTIONS, { ...BINARIES, nginx: undefined, docker: false }).front).toEqual({
      kind: 'listener',
    })
    expect(pick(OPTIONS, { ...BINARIES, redisServer: undefined }).broker).toEqual({ kind: 'docker' })
  })

  it('picks the embedded broker without Redis, and on request', () => {
    const front = { kind: 'listener' }
    expect(pick(OPTIONS, NOTHING)).toEqual({ broker: { kind: 'embedded', asked: false }, front })
    expect(pick(OPTIONS, { ...NOTHING, nginx: '/usr/sbin/nginx' }).broker).toMatchObject({ kind: 'embedded' })
    const asked = pick({ ...OPTIONS, embedded: true }, BINARIES)
    expect(asked).toEqual({ broker: { kind: 'embedded', asked: true }, front })
  })
})

it('names the command that installs Redis and nginx', () => {
  expect(installHint('linux', true)).toContain('apt-get install')
  expect(installHint('linux', false)).toContain('package manager')
  expect(installHint('darwin', false)).toBe('brew install redis nginx')
})
