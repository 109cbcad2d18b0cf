import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
const documented = new Set(
  [...read('../docs/reference/metrics.md').matchAll(/`(skein_\w+)`/g)].map(([, name]) => name),
)

it.each(['prometheus/alerts.yml', 'grafana/dashboards/skein.json', '../k8s/base/node/autoscaler.yaml'])(
  '%s uses documented metrics only',
  (file) => {
    const asked = [...read(file).matchAll(/\b(skein_[a-z_]+?)(?:_bucket)?\b(?=[[{)\s\\" ,}/]|$)/gm)].map(
      ([, name]) => name,
    )
    expect(asked.length).toBeGreaterThan(0)
    for (const name of asked) expect(documented, file).toContain(name)
  },
)
