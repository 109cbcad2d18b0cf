import type { NodeInfo } from '@skein/core'
import Type from 'typebox'
import { array, object } from '../json.ts'
import { method, optional, request } from '../method.ts'

export const channels = method({
  name: 'channels',
  summary: 'Channels with subscribers anywhere in the cluster; asks every node',
  request: request({ pattern: optional(Type.String({ description: 'A glob: `room:*`.' })) }),
  result: Type.Object({
    channels: Type.Record(Type.String(), Type.Object({ num_clients: Type.Integer() })),
  }),
  run: async ({ node }, { pattern }) => {
    const counts = Object.entries(await node.channels(pattern === '' ? undefined : pattern))
    const entries = counts.map(([name, count]) => [name, object({ num_clients: String(count) })] as const)
    return object({ channels: object(Object.fromEntries(entries)) })
  },
})

const NodeSchema = Type.Object({
  uid: Type.String(),
  name: Type.String(),
  version: Type.String(),
  num_clients: Type.Integer(),
  num_users: Type.Integer(),
  num_channels: Type.Integer(),
  num_subs: Type.Integer(),
  uptime: Type.Integer({ description: 'Seconds.' }),
})

export const info = method({
  name: 'info',
  summary: 'The nodes of the cluster',
  request: request({}),
  result: Type.Object({ nodes: Type.Array(NodeSchema) }),
  run: async ({ node }) => object({ nodes: array((await node.info()).map(nodeText)) }),
})

function nodeText(node: NodeInfo): string {
  return JSON.stringify({
    uid: node.uid,
    name: node.name,
    version: node.version,
    num_clients: node.numClients,
    num_users: node.numUsers,
    num_channels: node.numChannels,
    num_subs: node.numSubs,
    uptime: Math.floor(node.uptime),
  })
}
