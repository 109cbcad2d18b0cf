/** The private nginx of a local cluster: a binary or a container, with the configuration of production. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nginxArguments, renderNginx } from '../../../../nginx/render.ts'
import type { NodePorts } from './nodes.ts'
import type { PartSpec } from './part.ts'
import { endpointAnswers } from './ready.ts'
import type { Workspace } from './workspace.ts'

export const NGINX_IMAGE = 'nginx:1.30-alpine'

export interface Endpoint {
  readonly port: number
  /** A valid token for the readiness check. */
  readonly token: string
}

export function nginxBinary(
  path: string,
  nodes: readonly NodePorts[],
  endpoint: Endpoint,
  workspace: Workspace,
): PartSpec {
  const dir = workspace.folderFor('nginx')
  const file = join(dir, 'nginx.conf')
  const upstreams = nodes.map(({ port }) => `127.0.0.1:${port}`)
  const listen = `127.0.0.1:${endpoint.port}`
  writeFileSync(file, renderNginx({ dir, listen, nodes: upstreams, policy: POLICY }), { mode: 0o600 })
  return part(path, [...nginxArguments(file)], endpoint, workspace)
}

/** All clients of a local cluster share one address; `ip_hash` would place them on one node. */
const POLICY = 'least-conn'

/** A tmpfs inside the container. */
const CONTAINER_DIR = '/run/skein'
const CONTAINER_CONFIG = '/etc/nginx/skein.conf'

/**
 * On Linux the container shares the network of the host, so nginx sees the client addresses and the loopback
 * ports of the nodes. Docker Desktop has no host network; there nginx reaches the nodes through the host
 * name.
 */
export function nginxContainer(
  docker: string,
  nodes: readonly NodePorts[],
  endpoint: Endpoint,
  workspace: Workspace,
  platform: NodeJS.Platform = process.platform,
): PartSpec {
  const shared = platform === 'linux'
  const host = shared ? '127.0.0.1' : 'host.docker.internal'
  const file = join(workspace.folderFor('nginx'), 'nginx.conf')
  const config = renderNginx({
    dir: CONTAINER_DIR,
    listen: shared ? `127.0.0.1:${endpoint.port}` : String(endpoint.port),
    nodes: nodes.map(({ port }) => `${host}:${port}`),
    policy: POLICY,
    accessLog: '/dev/stdout',
  })
  // nginx in the container may run as another user; on the host the parent folder denies others.
  writeFileSync(file, config, { mode: 0o644 })
  const network = shared ? ['--network', 'host'] : ['-p', `127.0.0.1:${endpoint.port}:${endpoint.port}`]
  const run = [
    'run',
    '--rm',
    '--name',
    workspace.containerName('nginx'),
    ...network,
    '--tmpfs',
    CONTAINER_DIR,
  ]
  const command = [NGINX_IMAGE, 'nginx', ...nginxArguments(CONTAINER_CONFIG)]
  return part(docker, [...run, '-v', `${file}:${CONTAINER_CONFIG}:ro`, ...command], endpoint, workspace)
}

const part = (command: string, args: string[], endpoint: Endpoint, workspace: Workspace): PartSpec => ({
  name: 'nginx',
  command,
  args,
  env: workspace.env,
  logFile: workspace.logFile('nginx'),
  ready: () => endpointAnswers(endpoint.port, endpoint.token),
})
