/** The demo page, and tokens for it. Development only: `SKEIN_DEMO` is refused in production. */
import { basename, dirname } from 'node:path'
import fastifyStatic from '@fastify/static'
import { contentSecurityPolicy, vendorFiles, webRoot } from '@skein/web'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { type SigningSettings, signToken } from '../tokens/sign.ts'

/** As the page's own rule: 1 to 32 characters. */
const NAME_LENGTH = 32
const TOKEN_TTL_SECONDS = 3600

async function plugin(app: FastifyInstance, settings: SigningSettings): Promise<void> {
  app.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', contentSecurityPolicy)
    reply.header('x-content-type-options', 'nosniff')
    reply.header('referrer-policy', 'no-referrer')
  })
  // Files under development change while the page is open.
  await app.register(fastifyStatic, { root: webRoot, cacheControl: false })
  for (const [path, file] of Object.entries(vendorFiles)) {
    app.get(path, (_request, reply) => reply.sendFile(basename(file), dirname(file)))
  }
  app.post('/demo/token', async (request, reply) => {
    const name = nameIn(request.body)
    if (name === undefined) {
      return reply
        .code(400)
        .send({ message: `a name has 1 to ${NAME_LENGTH} characters, none of them control characters` })
    }
    reply.header('cache-control', 'no-store')
    return { token: signToken(settings, { user: name, ttl: TOKEN_TTL_SECONDS, info: { name } }) }
  })
}

export const demo = fastifyPlugin(plugin, { name: 'demo', encapsulate: true })

function nameIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('name' in body) || typeof body.name !== 'string')
    return undefined
  const name = body.name.trim().normalize()
  const length = [...name].length
  return length >= 1 && length <= NAME_LENGTH && !/\p{C}/u.test(name) ? name : undefined
}
