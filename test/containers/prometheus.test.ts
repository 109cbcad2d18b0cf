/** Prometheus' own tool reads our files, and our alerts fire when they should. */
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
  it('accepts prometheus.yml and the rules in it', async () => {
    expect(await promtool('check', 'config', 'prometheus.yml')).toMatchObject({ code: 0 })
  })

  it('sees each alert fire when it should and not before', async () => {
    expect(await promtool('test', 'rules', 'alerts.test.yml')).toMatchObject({ code: 0 })
  })
})
