/** The chat app, and tokens for it. Development only: `SKEIN_DEMO` is refused in production. */
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import { contentSecurityPolicy, ensureBuilt, userIdOf, webRoot } from '@skein/web'
import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { type SigningSettings, signToken } from '../tokens/sign.ts'

/** Characters of a name, as the page checks them: 1 to 32. */
const NAME_LENGTH = 32
/** Code units of a user id, as chat limits them. */
const USER_LENGTH = 64
const TOKEN_TTL_SECONDS = 3600

async function plugin(app: FastifyInstance, settings: SigningSettings): Promise<void> {
  app.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', contentSecurityPolicy)
    reply.header('x-content-type-options', 'nosniff')
    reply.header('referrer-policy', 'no-referrer')
  })
  // Takes seconds after a fresh clone and after a change of the app. An image contains the built app.
  await ensureBuilt()
  await app.register(fastifyStatic, {
    root: webRoot,
    cacheControl: false,
    preCompressed: true,
    // A page that a cache kept could name assets of an older build.
    setHeaders: (reply) => reply.header('cache-control', 'no-cache'),
  })
  await app.register(fastifyStatic, {
    root: join(webRoot, 'assets'),
    prefix: '/assets/',
    decorateReply: false,
    preCompressed: true,
    // File names contain a hash of the content.
    immutable: true,
    maxAge: '365d',
  })
  app.post('/demo/token', async (request, reply) => {
    const name = nameIn(request.body)
    if (name === undefined) {
      return reply
        .code(400)
        .send({ message: `a name has 1 to ${NAME_LENGTH} characters, none of them control characters` })
    }
    reply.header('cache-control', 'no-store')
    const user = userIn(request.body) ?? userIdOf(name)
    return { user, token: signToken(settings, { user, ttl: TOKEN_TTL_SECONDS, info: { name } }) }
  })
}

export const demo = fastifyPlugin(plugin, { name: 'demo', encapsulate: true })

/** The user of an earlier token: a new display name does not change it. */
function userIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('user' in body) || typeof body.user !== 'string')
    return undefined
  const { user } = body
  return user.length >= 1 && user.length <= USER_LENGTH && !/\p{C}/u.test(user) ? user : undefined
}

function nameIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('name' in body) || typeof body.name !== 'string')
    return undefined
  const name = body.name.trim().normalize()
  const length = [...name].length
  return length >= 1 && length <= NAME_LENGTH && !/\p{C}/u.test(name) ? name : undefined
}
