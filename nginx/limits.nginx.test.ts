import { waitFor } from '@skein/testkit'
import { describe, expect, it } from 'vitest'
import { addresses, handshake, range, upstreams, WS } from './testing/clients.ts'
import { hasNginx, startNginx } from './testing/nginx.ts'
import { ask } from './testing/request.ts'

describe.skipIf(!hasNginx)('limits and logs', () => {
  it('rejects connections above the limit of one client, and none of other clients', async () => {
    const nginx = await startNginx({ nodes: addresses(await upstreams(1)), limits: { connections: 4 } })
    const statuses: number[] = []
    for (const _ of range(6)) statuses.push((await handshake(nginx.url + WS)).status)
    expect(statuses).toEqual([101, 101, 101, 101, 429, 429])
    expect((await handshake(nginx.url + WS, { localAddress: '127.0.0.9' })).status).toBe(101)
  })

  it('rejects handshakes above the rate of one client, and none of other clients', async () => {
    const limits = { handshakesPerSecond: 1, handshakeBurst: 5 }
    const nginx = await startNginx({ nodes: addresses(await upstreams(1)), limits })
    const storm = await Promise.all(range(20).map(() => handshake(nginx.url + WS)))
    const accepted = storm.filter((answer) => answer.status === 101).length
    // One, the burst, and possibly one more if a second elapsed during the storm.
    expect([6, 7]).toContain(accepted)
    expect(storm.filter((answer) => answer.status === 429)).toHaveLength(20 - accepted)
    expect((await handshake(nginx.url + WS, { localAddress: '127.0.0.9' })).status).toBe(101)
  })

  it('never logs a token, even if every node is down', async () => {
    const [node] = await upstreams(1)
    const limits = { handshakesPerSecond: 1, handshakeBurst: 3 }
    const nginx = await startNginx({ nodes: [node?.address ?? ''], limits })
    const secret = 'canary-7f3a'
    const url = `${nginx.url}${WS}?token=${secret}`
    ;(
      await handshake(url, { headers: { Authorization: `Bearer ${secret}`, Referer: url } })
    ).socket?.destroy()
    await node?.close()
    for (const _ of range(9)) expect((await ask(url)).status).toBeGreaterThanOrEqual(429)
    const lines = await waitFor('ten lines in the access log', () => {
      const written = nginx.logs().access.trim().split('\n')
      return written.length === 10 ? written : undefined
    })
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ uri: WS, address: '127.0.0.1', method: 'GET' })
    expect(nginx.logs().access).not.toContain(secret)
    expect(nginx.logs().errors).not.toContain(secret)
  })
})
