/** Process of the embedded cluster: N nodes over one in-memory broker, behind one listener. */
import { type Config, createEmbeddedClusters, parseConfig, startFront, startNode } from '@skein/node'
import { EMBEDDED_VARIABLE, type EmbeddedOrder } from './embedded.ts'

// biome-ignore lint/style/noProcessEnv: `skein up` passes the order in the environment of this process
const order = JSON.parse(process.env[EMBEDDED_VARIABLE] ?? '') as EmbeddedOrder
const configs: Config[] = order.nodes.map((env) => parseConfig({ env }))
const clusters = createEmbeddedClusters(configs.map(({ nodeName }) => nodeName))
const nodes = await Promise.all(
  configs.map((config, index) => {
    const cluster = clusters[index]
    return startNode(config, { listen: false, ...(cluster !== undefined && { cluster }) })
  }),
)
await Promise.all(nodes.map(({ started }) => started))
const front = await startFront(nodes, { host: '127.0.0.1', port: order.port })

process.once('SIGTERM', async () => {
  await front.close()
  await Promise.all(nodes.map((node) => node.stop()))
  process.exit(0)
})
