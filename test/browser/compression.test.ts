/** Chromium always offers compression, and compresses its messages once that is negotiated. */
import { startCluster, type TestCluster } from '@skein/testkit'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { DEMO } from './settings.ts'

let cluster: TestCluster
let browser: Browser

beforeAll(async () => {
  const env = { ...DEMO, SKEIN_COMPRESSION: 'shared' }
  ;[cluster, browser] = await Promise.all([startCluster({ nodes: 1, env }), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await cluster?.stop()
})

test("Chromium and a node with shared compression read each other's messages", async () => {
  const page = await browser.newPage()
  await page.goto(`${cluster.node(0).publicUrl}/`)
  const text = 'the same words, again and again; '.repeat(100)
  const plain = await cluster.client({ node: 0, user: 'plain' })
  const read = await plain.subscribe('feed:a')
  const seen = await page.evaluate(
    ({ url, token, said }) =>
      new Promise<{ extensions: string; data: unknown }>((resolve, reject) => {
        const socket = new WebSocket(url)
        socket.onclose = ({ code, reason }) => reject(new Error(`${code} ${reason}`))
        socket.onopen = () =>
          socket.send(
            [
              { id: 1, connect: { token } },
              { id: 2, subscribe: { channel: 'feed:a' } },
              { id: 3, publish: { channel: 'feed:a', data: { said } } },
            ]
              .map((command) => JSON.stringify(command))
              .join('\n'),
          )
        socket.onmessage = ({ data }) => {
          for (const line of String(data).split('\n')) {
            const { push } = JSON.parse(line)
            if (push?.pub !== undefined) resolve({ extensions: socket.extensions, data: push.pub.data })
          }
        }
      }),
    { url: cluster.wsUrl(0), token: cluster.token({ sub: 'chromium' }), said: text },
  )
  expect(seen.extensions).toContain('permessage-deflate')
  expect(seen.data).toEqual({ said: text })
  expect((await read.publications.first(1))[0]?.data).toEqual({ said: text })
})
