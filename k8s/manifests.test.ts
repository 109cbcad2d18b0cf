import { describe, expect, it } from 'vitest'
import { checkAll } from './testing/checks.ts'
import { STUB_SECRETS } from './testing/copy.ts'
import { clientsPerNginx, nginxBytes } from './testing/nginx-capacity.ts'
import { find, mainContainer, quantity } from './testing/objects.ts'
import { hasKubectl, OVERLAYS, readFiles, render, renderProduction } from './testing/render.ts'

/**
 * Requests of kube-system in kind: API server 250m, etcd, CoreDNS (2), scheduler, kindnet 100m each,
 * controllers 200m.
 */
const SYSTEM_CPU = 0.95

describe('k8s/base as files', () => {
  checkAll(() => readFiles('k8s/base'))

  it('scales on connections', () => {
    const [metric] = find(readFiles('k8s/base'), 'HorizontalPodAutoscaler', 'skein-node').spec?.metrics ?? []
    expect(metric).toMatchObject({ type: 'Pods', pods: { metric: { name: 'skein_connections' } } })
  })
})

describe.skipIf(!hasKubectl)('kubectl kustomize', () => {
  it('rolls the nodes after a rotation of secrets', () => {
    const template = (key: string) => {
      const objects = renderProduction({ ...STUB_SECRETS, SKEIN_API_KEY: key })
      return find(objects, 'Deployment', 'skein-node').spec?.template
    }
    expect(template('b'.repeat(16))).not.toEqual(template('a'.repeat(16)))
    expect(template('a'.repeat(16))).toEqual(template('a'.repeat(16)))
  })

  describe.each(OVERLAYS)('%s', (folder) => {
    checkAll(() => render(folder))
  })

  it('dev has Redis and no autoscaler, prod has an autoscaler and no Redis', () => {
    const kinds = (folder: string): string[] => render(folder).map(({ kind }) => kind)
    expect(kinds('k8s/overlays/dev')).toContain('StatefulSet')
    expect(kinds('k8s/overlays/dev')).not.toContain('HorizontalPodAutoscaler')
    expect(kinds('k8s/overlays/prod')).not.toContain('StatefulSet')
    expect(kinds('k8s/overlays/prod')).toContain('HorizontalPodAutoscaler')
  })

  it('dev fits two cores with six nodes and the surge pods of an update', () => {
    const sum = (resource: 'cpu' | 'memory'): number =>
      render('k8s/overlays/dev').reduce((total, { metadata, spec }) => {
        if (spec?.template === undefined) return total
        const replicas = metadata.name === 'skein-node' ? 6 : (spec.replicas ?? 1)
        const surge = spec.strategy?.rollingUpdate?.maxSurge ?? 0
        const requests = spec.template.spec.containers.map((one) =>
          quantity(one.resources?.requests?.[resource]),
        )
        return total + (replicas + surge) * requests.reduce((a, b) => a + b, 0)
      }, 0)
    expect(sum('cpu')).toBeLessThanOrEqual(2 - SYSTEM_CPU)
    expect(sum('memory')).toBeLessThanOrEqual(2 * 1024 ** 3)
  })

  it('prod has nginx for the clients of all nodes, also after the loss of one, and scales it before it is full', () => {
    const prod = render('k8s/overlays/prod')
    const clients = clientsPerNginx(find(prod, 'ConfigMap', 'skein-nginx-env').data ?? {})
    const nodes = find(prod, 'HorizontalPodAutoscaler', 'skein-node').spec
    const nginx = find(prod, 'HorizontalPodAutoscaler', 'skein-nginx').spec
    const perNode = Number(nodes?.metrics?.[0]?.pods?.target.averageValue)
    const [memory] = nginx?.metrics?.filter(({ resource }) => resource?.name === 'memory') ?? []
    const target = quantity(memory?.resource?.target.averageValue)
    const scaledAt = Math.floor((clients * target) / nginxBytes(clients, 'tls'))
    expect(scaledAt).toBeLessThanOrEqual(0.75 * clients)
    expect(((nginx?.minReplicas ?? 0) - 1) * clients).toBeGreaterThanOrEqual(
      perNode * (nodes?.minReplicas ?? Infinity),
    )
    expect((nginx?.maxReplicas ?? 0) * scaledAt).toBeGreaterThanOrEqual(
      perNode * (nodes?.maxReplicas ?? Infinity),
    )
    expect(find(prod, 'Deployment', 'skein-nginx').spec).not.toHaveProperty('replicas')
  })

  it('prod requires its secrets, serves TLS with the client address, and does not set the number of nodes', () => {
    const prod = render('k8s/overlays/prod')
    const { envFrom } = mainContainer(prod, 'skein-node')
    const { name } = find(prod, 'Secret', 'skein-node').metadata
    expect(envFrom).toContainEqual({ secretRef: { name, optional: false } })
    expect(find(prod, 'ConfigMap', 'skein-nginx-env').data).toMatchObject({ SKEIN_NGINX_TLS: 'on' })
    expect(find(prod, 'Service', 'skein').spec).toMatchObject({
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
    })
    expect(find(prod, 'Deployment', 'skein-node').spec).not.toHaveProperty('replicas')
  })
})
