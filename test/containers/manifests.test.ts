/** Runs node and nginx with the settings, users and files of the overlays, without a cluster. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { find, type K8sObject, mainContainer } from '../../k8s/testing/objects.ts'
import { startContainer } from './containers.ts'
import {
  buildNodeImage,
  docker,
  dockerOutput,
  hasEngine,
  NGINX_IMAGE,
  NODE_IMAGE,
  renderInContainer,
} from './engine.ts'

/** A folder with the files of a ConfigMap, like a mounted volume; removed with the test. */
function mounted(data: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'skein-manifests-'))
  chmodSync(folder, 0o755)
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(data)) writeFileSync(join(folder, name), text)
  return folder
}

const flags = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-e', `${name}=${value}`])

describe.skipIf(!hasEngine).each(['dev', 'prod'])('k8s/overlays/%s', (overlay) => {
  let objects: readonly K8sObject[] = []
  const dataOf = (name: string): Readonly<Record<string, string>> =>
    find(objects, 'ConfigMap', name).data ?? {}

  beforeAll(async () => {
    await buildNodeImage()
    objects = await renderInContainer(`k8s/overlays/${overlay}`)
  })

  it('starts a node that answers the probes, as the user of the pod', async () => {
    const { pod, livenessProbe, readinessProbe } = mainContainer(objects, 'skein-node')
    const secrets = {
      SKEIN_TOKEN_HMAC_SECRET: 'x'.repeat(64),
      SKEIN_API_KEY: 'y'.repeat(32),
      SKEIN_REDIS_URL: 'redis://127.0.0.1:1',
    }
    const config = overlay === 'prod' ? ['-v', `${mounted(dataOf('skein-namespaces'))}:/etc/skein:ro`] : []
    const container = await startContainer(
      '--read-only',
      '--cap-drop=ALL',
      '--user',
      String(pod.securityContext?.runAsUser),
      ...flags(dataOf('skein-node-env')),
      ...flags(secrets),
      ...config,
      NODE_IMAGE,
    )
    const probe = (path: string | undefined) =>
      container.exec('node', '-e', `fetch('http://127.0.0.1:9090${path}').then((r) => console.log(r.status))`)
    await expect
      .poll(() => probe(livenessProbe?.httpGet?.path).catch(() => container.logs()), { timeout: 20_000 })
      .toBe('200')
    // Without Redis the node is unready; 503 proves that the path exists.
    expect(await probe(readinessProbe?.httpGet?.path)).toBe('503')
  })

  it('renders a configuration that nginx accepts, as the user of the pod', async () => {
    const { pod, args = [] } = mainContainer(objects, 'skein-nginx')
    const templates = mounted(dataOf('skein-nginx-templates'))
    const tls = mounted({})
    const user = String(pod.securityContext?.runAsUser)
    const made =
      'openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -days 2 -keyout /tls/tls.key -out /tls/tls.crt && chmod 0755 /tls && chmod 0644 /tls/*'
    await docker('run', '--rm', '-v', `${tls}:/tls`, '--entrypoint', 'sh', NGINX_IMAGE, '-c', made)
    const settings = {
      ...dataOf('skein-nginx-env'),
      SKEIN_NGINX_NODES: 'skein-node.skein.svc.cluster.local',
      SKEIN_NGINX_NODES_FROM: 'srv',
    }
    const volumes = ['-v', `${templates}:/etc/nginx/templates:ro`, '-v', `${tls}:/etc/nginx/tls:ro`]
    const writable = ['--tmpfs', `/etc/nginx/conf.d:uid=${user}`, '--tmpfs', '/tmp']

    const { code, output } = await dockerOutput(
      'run',
      '--rm',
      '--read-only',
      '--cap-drop=ALL',
      '--user',
      user,
      ...volumes,
      ...writable,
      ...flags(settings),
      NGINX_IMAGE,
      ...args,
      '-t',
    )
    expect(output).toContain('test is successful')
    expect(code).toBe(0)
  })
})
