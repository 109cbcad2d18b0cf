/** Canary: it fails when a version of ws keeps its extensions elsewhere, or calls them in another way. */
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ClientOptions, WebSocket, WebSocketServer } from 'ws'
import { replaceExtension } from './ws-extension.ts'

const NAME = 'permessage-deflate'

/** Both ends of a connection to a server that offers permessage-deflate. */
async function pair(options: ClientOptions): Promise<{ server: WebSocket; client: WebSocket }> {
  const listener = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: true })
  onTestFinished(() => void listener.close())
  await once(listener, 'listening')
  const address = listener.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const client = new WebSocket(`ws://127.0.0.1:${port}`, options)
  onTestFinished(() => client.terminate())
  const [[server]] = await Promise.all([once(listener, 'connection'), once(client, 'open')])
  return { server, client }
}

describe('replaceExtension', () => {
  it('receives the fragments of a compressed message in place of ws, and its end', async () => {
    const { server, client } = await pair({ perMessageDeflate: { threshold: 0 } })
    const calls: string[] = []
    const replaced = replaceExtension(server, NAME, {
      decompress(_data, isLast, callback) {
        calls.push(`decompress ${isLast}`)
        queueMicrotask(() => callback(null, Buffer.from(isLast ? 'ours' : '')))
      },
      cleanup: () => void calls.push('cleanup'),
    })
    expect(replaced).toBe(true)
    const message = once(server, 'message')
    client.send('one ', { fin: false })
    client.send('message')
    expect(String((await message)[0])).toBe('ours')
    const closed = once(server, 'close')
    client.close()
    await closed
    expect(calls).toEqual(['decompress false', 'decompress true', 'cleanup'])
  })

  it('changes nothing without the extension', async () => {
    const { server } = await pair({ perMessageDeflate: false })
    const extension = { decompress: () => undefined, cleanup: () => undefined }
    expect(replaceExtension(server, NAME, extension)).toBe(false)
  })
})
