/** The embedded cluster: one process (`embedded-main.ts`) with all nodes and the endpoint. */
import { fileURLToPath } from 'node:url'
import type { Endpoint } from './nginx.ts'
import { type NodePorts, nodeEnv, type Secrets } from './nodes.ts'
import type { PartSpec } from './part.ts'
import { endpointAnswers } from './ready.ts'
import type { Workspace } from './workspace.ts'

const MAIN = fileURLToPath(new URL('embedded-main.ts', import.meta.url))

/** Variable with the {@link EmbeddedOrder} as JSON. */
export const EMBEDDED_VARIABLE = 'SKEIN_UP_EMBEDDED'

export interface EmbeddedOrder {
  readonly port: number
  readonly nodes: readonly Readonly<Record<string, string | undefined>>[]
}

export function embeddedSpec(
  nodes: readonly NodePorts[],
  endpoint: Endpoint,
  secrets: Secrets,
  workspace: Workspace,
): PartSpec {
  const order: EmbeddedOrder = {
    port: endpoint.port,
    nodes: nodes.map((node) => nodeEnv(workspace.env, node, '', secrets)),
  }
  return {
    name: 'nodes',
    command: process.execPath,
    args: [MAIN],
    env: { ...workspace.env, [EMBEDDED_VARIABLE]: JSON.stringify(order) },
    logFile: workspace.logFile('nodes'),
    ready: () => endpointAnswers(endpoint.port, endpoint.token),
  }
}
