/** Start and stop order of docker-compose.yml; test/containers runs it. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

interface Service {
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>> | readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly healthcheck?: Readonly<Record<string, unknown>>
  readonly stop_signal?: string
  readonly stop_grace_period?: string
}

const file = new URL('../docker-compose.yml', import.meta.url)
const { services } = parse(readFileSync(file, 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>
}
const seconds = (text: unknown): number => Number(/^(\d+)s$/.exec(String(text))?.[1])

describe('docker-compose.yml', () => {
  it('stops the nodes first, so they drain through a running nginx', () => {
    expect(Object.keys(services['node']?.depends_on ?? {}).toSorted()).toEqual(['nginx', 'redis'])
    expect(services['nginx']?.depends_on).toBeUndefined()
    expect(services['nginx']?.stop_signal).toBe('SIGQUIT')
  })

  it('grants a node its drain window and its grace period', () => {
    const { environment = {}, stop_grace_period } = services['node'] ?? {}
    expect(seconds(stop_grace_period)).toBe(seconds(environment['SKEIN_GRACE_PERIOD']))
    expect(seconds(stop_grace_period)).toBeGreaterThan(seconds(environment['SKEIN_DRAIN_WINDOW']))
  })

  it.each(['redis', 'node', 'nginx'])('the health check of %s tolerates a slow start', (name) => {
    const { healthcheck = {} } = services[name] ?? {}
    expect(seconds(healthcheck['start_period'])).toBeGreaterThanOrEqual(60)
    const tolerated = Number(healthcheck['retries']) * seconds(healthcheck['interval'])
    expect(tolerated).toBeGreaterThanOrEqual(20)
  })
})
