import { describe, expect, it } from 'vitest'
import { openSocket, startTestNode } from '../testing/node.ts'

describe('chat by rpc of the server API', () => {
  it('announces, lists conversations, sessions and dead letters', async () => {
    const node = await startTestNode()
    const rpc = (method: string, params: object = {}) => node.api('rpc', { method, params })
    expect(await rpc('chat.announce', { body: 'hear hear' })).toEqual({ result: { data: {} } })
    expect(await rpc('chat.conversations', { user: 'ann' })).toMatchObject({
      result: { data: { conversations: [{ id: 'chat:@everyone', unread: 0, last: { body: 'hear hear' } }] } },
    })
    expect(await rpc('chat.sessions', { user: 'ann' })).toEqual({ result: { data: { sessions: [] } } })
    expect(await rpc('chat.dead_letters')).toEqual({ result: { data: { letters: [] } } })
    expect(await rpc('chat.replay', { id: '1-0' })).toEqual({ result: { data: { replayed: false } } })
  })

  it('lists the device and the node of each session', async () => {
    const node = await startTestNode()
    const { ws, send, next } = await openSocket(node.wsUrl)
    const data = { device: 'd1', deviceName: "ann's phone" }
    send({ id: 1, connect: { token: node.token({ user: 'ann' }), data } })
    await next()
    const session = { user: 'ann', nodeName: 'test', device: 'd1', deviceName: "ann's phone" }
    await expect
      .poll(() => node.api('rpc', { method: 'chat.sessions', params: { user: 'ann' } }))
      .toMatchObject({ result: { data: { sessions: [session] } } })
    ws.close()
  })

  it.each([
    ['chat.conversations', {}, 107],
    ['chat.announce', { body: 1 }, 107],
    ['chat.announce', { body: 'x', room: 'nowhere' }, 402],
    ['chat.announce', { body: '' }, 410],
    ['chat.dance', {}, 104],
  ])('%s %j is rejected', async (method, params, code) => {
    const node = await startTestNode()
    expect(await node.api('rpc', { method, params })).toMatchObject({ error: { code } })
  })
})
