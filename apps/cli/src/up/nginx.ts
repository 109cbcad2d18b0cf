/** The private nginx of a local cluster: a binary or a container, with the configuration that production uses. */
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
  /** A token that the nodes accept, to see whether the endpoint serves. */
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

/** All clients of a local cluster have one address: `ip_hash` would lead two windows to one node, always. */
const POLICY = 'least-conn'

/** Inside the container: a folder in memory, gone with it. */
const DIR = '/run/skein'
const CONFIG = '/etc/nginx/skein.conf'

/**
 * On Linux the container shares the host's network, so nginx sees the clients' own addresses and the nodes' loopback
 * ports. Docker Desktop has no such network: there nginx reaches the nodes through the host's name.
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
    dir: DIR,
    listen: shared ? `127.0.0.1:${endpoint.port}` : String(endpoint.port),
    nodes: nodes.map(({ port }) => `${host}:${port}`),
    policy: POLICY,
    accessLog: '/dev/stdout',
  })
  // The container's nginx may run as another user; the folder around it is still closed to others on the host.
  writeFileSync(file, config, { mode: 0o644 })
  const network = shared ? ['--network', 'host'] : ['-p', `127.0.0.1:${endpoint.port}:${endpoint.port}`]
  const run = ['run', '--rm', '--name', workspace.containerName('nginx'), ...network, '--tmpfs', DIR]
  const command = [NGINX_IMAGE, 'nginx', ...nginxArguments(CONFIG)]
  return part(docker, [...run, '-v', `${file}:${CONFIG}:ro`, ...command], endpoint, workspace)
}

const part = (command: string, args: string[], endpoint: Endpoint, workspace: Workspace): PartSpec => ({
  name: 'nginx',
  command,
  args,
  env: workspace.env,
  logFile: workspace.logFile('nginx'),
  ready: () => endpointAnswers(endpoint.port, endpoint.token),
})
