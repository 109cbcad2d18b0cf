/** Writes docs/reference/metrics.md from the registry. A test compares the file. */
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

Every node serves metrics for Prometheus at \`/metrics\` on its internal port. Labels are bounded: none contains a user,
channel or connection. \`namespace\` is a configured name, \`none\` (a channel without a colon), \`personal\` or \`other\`.
\`sdk\` is the name of an official SDK, \`none\` or \`other\`. \`code\` is a row of [codes.md](codes.md) or \`other\`. This page
is generated from \`apps/node/src/metrics\`.

| metric | type | labels | meaning |
|---|---|---|---|
`

const TAIL = `
Metrics with the prefix \`skein_redis_\` exist only on nodes that use Redis. A node also exports the default metrics of
prom-client that do not list all handles: \`process_*\` (CPU, memory, \`process_open_fds\`, \`process_max_fds\`) and
\`nodejs_*\` (heap, garbage collection). A scrape stops the event loop for less than 5 ms.

Suggested alerts:

- \`skein_ready == 0\` for a minute
- \`skein_overloaded == 1\` for a minute
- \`process_open_fds / process_max_fds > 0.8\`: \`skein_connections\` is close to \`skein_connections_max\`
- \`skein_event_loop_delay_p99_seconds > 0.2\`
- an increase of \`skein_rebalance_futile_total\`: the proxy does not use \`least_conn\`
- an increase of \`skein_internal_errors_total\`
- an increase of \`skein_gaps_total\` with \`outcome="notified"\`
`
