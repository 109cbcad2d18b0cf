/** Probes of an orchestrator. Liveness: the process answers at all. Readiness: it can serve now. */
import type { SkeinNode } from '@skein/core'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'

/** Reasons against new connections; none: the node is ready. */
export interface Readiness {
  readonly reasons: readonly string[]
}

export interface ProbesOptions {
  readonly node: SkeinNode
  readonly ready: () => Promise<Readiness>
  readonly name: string
  readonly version: string
}

async function plugin(app: FastifyInstance, { node, ready, name, version }: ProbesOptions): Promise<void> {
  app.get('/livez', { schema: { summary: 'The process responds', tags: ['probes'] } }, async () => ({
    status: 'ok',
  }))

  for (const path of ['/readyz', '/healthz']) {
    app.get(
      path,
      { schema: { summary: 'The node serves connections now', tags: ['probes'] } },
      async (request, reply) => {
        const { reasons } = await ready()
        const { verbose } = request.query as { readonly verbose?: unknown }
        const details =
          verbose === undefined ? {} : { node: { uid: node.uid, name, version }, ...node.stats() }
        if (reasons.length === 0) return { status: 'ok', ...details }
        return reply.code(503).send({ status: 'unready', reasons, ...details })
      },
    )
  }
}

export const probes = fastifyPlugin(plugin, { name: 'probes', encapsulate: true })
