/** promtool accepts the Prometheus files, and the alerts pass their tests. */
import { describe, expect, it } from 'vitest'
import { dockerOutput, hasEngine, PROMETHEUS_IMAGE, ROOT } from './engine.ts'

const promtool = (...args: readonly string[]) => {
  const mount = `${ROOT}deploy/prometheus:/rules:ro`
  return dockerOutput(
    'run',
    '--rm',
    '--entrypoint',
    'promtool',
    '-v',
    mount,
    '-w',
    '/rules',
    PROMETHEUS_IMAGE,
    ...args,
  )
}

describe.skipIf(!hasEngine)('promtool', () => {
  it('accepts prometheus.yml and its rules', async () => {
    expect(await promtool('check', 'config', 'prometheus.yml')).toMatchObject({ code: 0 })
  })

  it('fires each alert on its symptom and not earlier', async () => {
    expect(await promtool('test', 'rules', 'alerts.test.yml')).toMatchObject({ code: 0 })
  })
})
