/** Checks for every rendering: the files, the installed kubectl, and the kubectl image in test/containers. */
import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { DERIVED } from '../../nginx/defaults.ts'
import { STUB_SECRETS } from './copy.ts'
import { clientsPerNginx, nginxBytes } from './nginx-capacity.ts'
import {
  find,
  type K8sObject,
  type Labels,
  mainContainer,
  type Probe,
  quantity,
  selects,
  workloads,
} from './objects.ts'

/** Secrets that an operator or cert-manager creates, or that are optional. */
const EXTERNAL_SECRETS = ['skein-node', 'skein-tls']
const TEMPLATES = new URL('../../nginx/templates/', import.meta.url)

/** Time for the last clients to answer the close frame (apps/node/src/socket/close-timeout.ts). */
const CLOSE_TIMEOUT_SECONDS = 3
/** Time after the drain window for publishes in flight, Redis and a slow machine. */
const MARGIN_SECONDS = 10

export function checkAll(objects: () => readonly K8sObject[]): void {
  it('grants a node time for preStop and its drain window, and a fifth of the grace period remains', () => {
    const { pod, lifecycle } = mainContainer(objects(), 'skein-node')
    const grace = pod.terminationGracePeriodSeconds ?? 0
    const preStop = lifecycle?.preStop?.sleep?.seconds ?? Number.NaN
    const needed = preStop + drainWindow(objects()) + CLOSE_TIMEOUT_SECONDS
    expect(grace).toBeGreaterThanOrEqual(needed + MARGIN_SECONDS)
    expect(needed).toBeLessThanOrEqual(0.8 * grace)
    // The drain watchdog of the node uses this setting.
    expect(nodeSeconds(objects(), 'SKEIN_GRACE_PERIOD')).toBe(grace - preStop)
  })

  it('grants nginx time for its old workers, and those more time than a drain', () => {
    const { pod, lifecycle } = mainContainer(objects(), 'skein-nginx')
    const shutdown = workerShutdownTimeout(objects())
    const preStop = lifecycle?.preStop?.sleep?.seconds ?? Number.NaN
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(preStop + shutdown + MARGIN_SECONDS)
    expect(shutdown).toBeGreaterThan(drainWindow(objects()))
  })

  it('grants nginx memory for every client that its workers accept', () => {
    const settings = find(objects(), 'ConfigMap', 'skein-nginx-env').data ?? {}
    const { resources } = mainContainer(objects(), 'skein-nginx')
    const kind = settings['SKEIN_NGINX_TLS'] === 'on' ? 'tls' : 'plain'
    expect(quantity(resources?.limits?.['memory'])).toBeGreaterThanOrEqual(
      nginxBytes(clientsPerNginx(settings), kind),
    )
  })

  it('never lets drains overlap: a rollout waits for a drain, scale-down is slower than a grace period', () => {
    const { spec } = find(objects(), 'Deployment', 'skein-node')
    expect(spec?.strategy?.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 })
    // maxSurge does not count terminating pods, so the next node must not become available before the drain
    // ends.
    const preStop = mainContainer(objects(), 'skein-node').lifecycle?.preStop?.sleep?.seconds ?? Number.NaN
    const drain = preStop + drainWindow(objects()) + CLOSE_TIMEOUT_SECONDS
    expect(spec?.minReadySeconds).toBeGreaterThan(drain)
    expect(spec?.progressDeadlineSeconds).toBeGreaterThan(2 * (spec?.minReadySeconds ?? Number.NaN))
    const grace = mainContainer(objects(), 'skein-node').pod.terminationGracePeriodSeconds ?? 0
    for (const autoscaler of objects().filter(({ kind }) => kind === 'HorizontalPodAutoscaler')) {
      const policies = autoscaler.spec?.behavior?.scaleDown?.policies ?? []
      expect(policies.length).toBeGreaterThan(0)
      for (const { periodSeconds } of policies) expect(periodSeconds).toBeGreaterThanOrEqual(grace)
    }
  })

  it('probes the internal port: readiness fast, liveness slowly and never because of Redis', () => {
    const { startupProbe, readinessProbe, livenessProbe } = mainContainer(objects(), 'skein-node')
    expect(startupProbe?.httpGet).toEqual({ path: '/livez', port: 'internal' })
    expect(readinessProbe?.httpGet).toEqual({ path: '/readyz', port: 'internal' })
    expect(livenessProbe?.httpGet).toEqual({ path: '/livez', port: 'internal' })
    expect(secondsToFail(readinessProbe)).toBeLessThanOrEqual(10)
    expect(secondsToFail(livenessProbe)).toBeGreaterThanOrEqual(60)
  })

  it('meets the restricted pod security standard, with a read-only root file system and no token', () => {
    for (const { name, pod } of workloads(objects())) {
      expect(pod.automountServiceAccountToken, name).toBe(false)
      expect(pod.enableServiceLinks, name).toBe(false)
      expect(pod.securityContext, name).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      })
      expect(pod.securityContext?.runAsUser, name).toBeGreaterThan(0)
      expect(pod.volumes?.filter((volume) => volume.hostPath !== undefined) ?? [], name).toEqual([])
      for (const { securityContext, resources } of pod.containers) {
        expect(securityContext, name).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
        expect(Object.keys(resources?.requests ?? {}).toSorted(), name).toEqual(['cpu', 'memory'])
        expect(resources?.limits, name).toHaveProperty('memory')
      }
    }
  })

  it('pins every image to a version', () => {
    for (const { pod } of workloads(objects())) {
      for (const { image } of pod.containers) expect(image).toMatch(/:[\w.-]+$|@sha256:/)
      for (const { image } of pod.containers) expect(image).not.toMatch(/:latest$/)
    }
  })

  it('selects pods that exist: services, disruption budgets, policies, autoscaler', () => {
    const pods = workloads(objects())
    const chosen = (labels: Record<string, string>) => pods.filter((pod) => selects(labels, pod.labels))
    for (const pod of pods) expect(chosen(pod.selector), pod.name).toEqual([pod])
    for (const { kind, metadata, spec } of objects()) {
      const label = `${kind} ${metadata.name}`
      if (kind === 'Service') expect(chosen(spec?.selector ?? {}), label).toHaveLength(1)
      if (kind === 'PodDisruptionBudget')
        expect(chosen(spec?.selector?.matchLabels ?? {}), label).toHaveLength(1)
      const { matchLabels } = spec?.podSelector ?? {}
      if (kind === 'NetworkPolicy' && matchLabels !== undefined && metadata.name !== 'allow-http01-solvers')
        expect(chosen(matchLabels), label).toHaveLength(1)
      if (spec?.scaleTargetRef !== undefined)
        find(objects(), spec.scaleTargetRef.kind, spec.scaleTargetRef.name)
    }
  })

  it('names ports, configuration and secrets that exist', () => {
    const pods = workloads(objects())
    for (const { kind, metadata, spec } of objects()) {
      if (kind !== 'Service') continue
      const [target] = pods.filter((pod) => selects(spec?.selector ?? {}, pod.labels))
      const names = target?.pod.containers.flatMap(({ ports = [] }) => ports.map((port) => port.name)) ?? []
      for (const { targetPort } of spec?.ports ?? []) expect(names, metadata.name).toContain(targetPort)
    }
    const maps = objects()
      .filter(({ kind }) => kind === 'ConfigMap')
      .map(({ metadata }) => metadata.name)
    const generated = objects().filter(({ kind }) => kind === 'Secret')
    const secrets = [...EXTERNAL_SECRETS, ...generated.map(({ metadata }) => metadata.name)]
    for (const { pod } of pods) {
      const from = pod.containers.flatMap(({ envFrom = [] }) => envFrom)
      const volumes = pod.volumes ?? []
      for (const { configMap } of volumes) if (configMap) expect(maps).toContain(configMap.name)
      for (const { configMapRef } of from) if (configMapRef) expect(maps).toContain(configMapRef.name)
      for (const { secret } of volumes) if (secret) expect(secrets).toContain(secret.secretName)
      for (const { secretRef } of from) if (secretRef) expect(secrets).toContain(secretRef.name)
    }
  })

  it('mounts every template of nginx and defines every setting that they use', () => {
    const templates = find(objects(), 'ConfigMap', 'skein-nginx-templates').data ?? {}
    expect(Object.keys(templates).toSorted()).toEqual(readdirSync(TEMPLATES).toSorted())
    const settings = find(objects(), 'ConfigMap', 'skein-nginx-env').data ?? {}
    const used = Object.values(templates).flatMap((text) =>
      [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name ?? ''),
    )
    for (const name of used) expect([...Object.keys(settings), ...DERIVED], name).toContain(name)
  })

  it('assumes no cluster domain', () => {
    for (const { metadata, ...object } of objects()) {
      expect(JSON.stringify(object), metadata.name).not.toMatch(/cluster\.local/)
    }
  })

  it('has no ConfigMap that no pod uses', () => {
    const used = workloads(objects()).flatMap(({ pod }) => [
      ...(pod.volumes ?? []).map((volume) => volume.configMap?.name),
      ...pod.containers.flatMap(({ envFrom = [] }) => envFrom.map((from) => from.configMapRef?.name)),
    ])
    const maps = objects().filter(({ kind }) => kind === 'ConfigMap')
    expect(maps.map(({ metadata }) => metadata.name).toSorted()).toEqual(
      [...new Set(used.filter((name) => name !== undefined))].toSorted(),
    )
  })

  it('contains no secret except those of the operator', () => {
    const decoded = (data: Labels = {}) =>
      Object.fromEntries(
        Object.entries(data).map(([name, text]) => [name, Buffer.from(text, 'base64').toString()]),
      )
    for (const { data } of objects().filter(({ kind }) => kind === 'Secret'))
      expect(decoded(data)).toEqual(STUB_SECRETS)
    const settings = find(objects(), 'ConfigMap', 'skein-node-env').data ?? {}
    for (const name of Object.keys(settings)) expect(name).not.toMatch(/SECRET|API_KEY/)
  })

  it('denies all traffic that no policy allows', () => {
    const policy = find(objects(), 'NetworkPolicy', 'default-deny')
    expect(policy.spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] })
  })

  it('admits the HTTP-01 solvers of cert-manager by their label, on their port only', () => {
    expect(find(objects(), 'NetworkPolicy', 'allow-http01-solvers').spec).toEqual({
      podSelector: { matchLabels: { 'acme.cert-manager.io/http01-solver': 'true' } },
      policyTypes: ['Ingress'],
      ingress: [{ ports: [{ protocol: 'TCP', port: 8089 }] }],
    })
  })
}

/** A duration setting of the nodes in seconds. */
function nodeSeconds(objects: readonly K8sObject[], setting: string): number {
  const { [setting]: text = '' } = find(objects, 'ConfigMap', 'skein-node-env').data ?? {}
  const [, seconds] = /^(\d+)s$/.exec(text) ?? []
  return Number(seconds)
}

const drainWindow = (objects: readonly K8sObject[]): number => nodeSeconds(objects, 'SKEIN_DRAIN_WINDOW')

function workerShutdownTimeout(objects: readonly K8sObject[]): number {
  const template = find(objects, 'ConfigMap', 'skein-nginx-templates').data?.['skein.conf.template'] ?? ''
  const [, seconds] = /^worker_shutdown_timeout (\d+)s;/m.exec(template) ?? []
  return Number(seconds)
}

function secondsToFail(probe: Probe | undefined): number {
  return (probe?.periodSeconds ?? Number.NaN) * (probe?.failureThreshold ?? Number.NaN)
}
