/** docs/reference/metrics.md, written from the registry itself; a test compares them. */
import type { MetricObject, Registry } from 'prom-client'

export async function metricsPage(registry: Registry): Promise<string> {
  const metrics = (await registry.getMetricsAsJSON()) as unknown as readonly DescribedMetric[]
  const rows = metrics
    .filter(({ name }) => name.startsWith('skein_'))
    .map(
      (metric) =>
        `| \`${metric.name}\` | ${metric.type} | ${labelsOf(registry, metric.name)} | ${metric.help} |`,
    )
  return `${HEAD}${rows.join('\n')}\n${TAIL}`
}

type DescribedMetric = Pick<MetricObject, 'name' | 'help' | 'type'>

function labelsOf(registry: Registry, name: string): string {
  const metric = registry.getSingleMetric(name) as unknown as { readonly labelNames?: readonly string[] }
  return (metric.labelNames ?? []).map((label) => `\`${label}\``).join(' ')
}

const HEAD = `# Metrics

Every node answers Prometheus at \`/metrics\` on its internal port. Labels are bounded: no user, channel or connection ever
becomes one. \`namespace\` is a configured name, \`none\` (a channel without a colon), \`personal\` or \`other\`; \`sdk\` is the name
of an official SDK, \`none\` or \`other\`; \`code\` is a row of [codes.md](codes.md) or \`other\`. This page is written from
\`apps/node/src/metrics\`.

| metric | type | labels | meaning |
|---|---|---|---|
`

const TAIL = `
The metrics that start with \`skein_redis_\` are there when the node uses Redis. Besides these there are prom-client's own:
\`process_*\` (CPU, memory, \`process_open_fds\`, \`process_max_fds\`) and \`nodejs_*\` (heap, garbage collection).

Worth an alert: \`skein_ready == 0\` for a minute; \`process_open_fds / process_max_fds > 0.8\` (\`skein_connections\`
nears \`skein_connections_max\`); \`skein_overloaded == 1\` for a minute; any increase of \`skein_rebalance_futile_total\` (the
proxy does not place by \`least_conn\`); \`skein_event_loop_delay_p99_seconds > 0.2\`; any increase of \`skein_internal_errors_total\`; \`skein_gaps_total\` with
\`outcome="told"\`.
`
