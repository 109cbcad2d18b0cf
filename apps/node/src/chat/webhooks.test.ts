import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verify } from '@skein/chat'
import { expect, it, onTestFinished } from 'vitest'
import { startTestNode } from '../testing/node.ts'
import { configuredWebhooks } from './webhooks.ts'

const SECRET = 'canary secret of some length'

interface Got {
  readonly path: string
  readonly type: string
  readonly body: string
  readonly genuine: boolean
}

/** Keeps what comes, and says so to who waits for the next. */
async function receiver(status = 200) {
  const got: Got[] = []
  const first = Promise.withResolvers<Got>()
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const header = String(request.headers['skein-signature'])
    const genuine = await verify(SECRET, header, body, Math.floor(Date.now() / 1000))
    const one = { path: request.url ?? '', type: String(request.headers['skein-event']), body, genuine }
    got.push(one)
    first.resolve(one)
    response.writeHead(status, { location: '/elsewhere' }).end('thanks')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => void server.close(() => resolve()))
  })
  return { got, first: first.promise, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

function webhooksFile(list: readonly object[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'skein-webhooks-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'webhooks.json')
  writeFileSync(path, JSON.stringify(list), { mode: 0o600 })
  return path
}

it('posts the configured events, signed, and logs no secret', async () => {
  const { got, first, url } = await receiver()
  const target = { name: 'push', url: `${url}/hook`, secret: SECRET, events: ['message.offline'] }
  const lines: string[] = []
  const node = await startTestNode({
    env: { SKEIN_WEBHOOKS: webhooksFile([target]) },
    onLog: (line) => lines.push(line),
  })
  await node.chat?.settle() // its consumer group is open: it hears what happens from here on
  await node.chat?.send('ann', { clientId: 'c1', to: { user: 'bob' }, body: 'are you there' })
  await node.chat?.settle()
  expect(await first).toMatchObject({ path: '/hook', type: 'message.offline', genuine: true })
  expect(JSON.parse(got[0]?.body ?? '')).toMatchObject({ user: 'bob', message: { body: 'are you there' } })
  expect(lines.join('\n')).not.toContain('canary')
})

it('posts no other events', async () => {
  const { got, first, url } = await receiver()
  const targets = [
    { name: 'rooms', url: `${url}/rooms`, secret: SECRET, events: ['room.created'] },
    { name: 'all', url: `${url}/all`, secret: SECRET },
  ]
  const node = await startTestNode({ env: { SKEIN_WEBHOOKS: webhooksFile(targets) } })
  await node.chat?.settle()
  await node.chat?.send('ann', { clientId: 'c1', to: { user: 'bob' }, body: 'x' })
  await node.chat?.settle()
  await first
  await node.chat?.settle() // every listener's round is over
  expect(got.map(({ path }) => path)).toEqual(['/all'])
})

it('follows no redirect', async () => {
  const { got, url } = await receiver(307)
  const [listener] = configuredWebhooks([{ name: 'a', url: `${url}/hook`, secret: SECRET }])
  const event = { id: 'e', at: 1, type: 'room.left', room: 'r', user: 'ann', by: 'ann' } as const
  await expect(listener?.deliver(event)).rejects.toThrow()
  expect(got.map(({ path }) => path)).toEqual(['/hook'])
})
