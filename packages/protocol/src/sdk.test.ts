/** The official SDK exchanges frames with Skein's codecs over a socket object, in both encodings. */
import { Centrifuge as JsonSdk } from 'centrifuge'
import { Centrifuge as ProtobufSdk } from 'centrifuge/build/protobuf'
import { afterEach, describe, expect, test } from 'vitest'
import type { Codec } from './codec.ts'
import { jsonCodec, protobufCodec } from './codecs.ts'
import { ERROR } from './codes.ts'
import { encodeEnvelope } from './envelope.ts'
import type { ClientInfo, Command, Push, Reply } from './messages.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const info: ClientInfo = { user: 'ann', client: 'c1', connInfo: '{"name":"Ann"}' }
const stored = (offset: number) => ({
  offset,
  envelope: encodeEnvelope({ data: `{"n":${offset}}`, info, tags: { t: 'x' }, time: 1_700_000_000_000 }),
})

/** The replies of a server. */
function answer(command: Command): Reply | undefined {
  if (command.verb === 'pong' || command.verb === 'send') return undefined
  const { id, verb } = command
  switch (verb) {
    case 'connect':
      return {
        id,
        verb,
        result: { client: 'c1', version: 'skein', data: '{"hello":1}', ping: 25, pong: true },
      }
    case 'subscribe':
      return { id, verb, result: { recoverable: true, positioned: true, epoch: 'e', offset: 4 } }
    case 'presence':
      return { id, verb, result: { presence: { c1: info } } }
    case 'presence_stats':
      return { id, verb, result: { numClients: 2, numUsers: 1 } }
    case 'history':
      return { id, verb, result: { publications: [stored(3), stored(4)], epoch: 'e', offset: 4 } }
    case 'rpc':
      if (command.request.method === 'fail') return { id, verb: 'error', error: ERROR.notAvailable }
      return { id, verb, result: command.request }
    default:
      return { id, verb, result: {} } as Reply
  }
}

/** One connection: records and replies to commands, and sends pushes to the SDK. */
function server(codec: Codec, binary: boolean) {
  const commands: Command[] = []
  const sockets: Socket[] = []
  class Socket {
    binaryType = ''
    onopen?: () => void
    onmessage?: (event: { data: unknown }) => void
    onclose?: (event: { code: number; reason: string }) => void
    onerror?: () => void
    constructor() {
      sockets.push(this)
      queueMicrotask(() => this.onopen?.())
    }
    send(frame: string | Uint8Array) {
      const decoded = codec.decodeCommands(typeof frame === 'string' ? bytes(frame) : frame)
      expect(decoded.ok || decoded.reason).toBe(true)
      commands.push(...decoded.commands)
      const replies = decoded.commands.map(answer).filter((reply) => reply !== undefined)
      this.write(replies.map((reply) => codec.encodeReply(reply)))
    }
    write(messages: (Uint8Array | undefined)[]) {
      const frame = codec.join(messages.map((message) => message ?? new Uint8Array(0)))
      const data = binary ? Uint8Array.from(frame).buffer : new TextDecoder().decode(frame)
      if (messages.length > 0) queueMicrotask(() => this.onmessage?.({ data }))
    }
    close() {
      queueMicrotask(() => this.onclose?.({ code: 1000, reason: '' }))
    }
  }
  const push = (...pushes: Push[]) => sockets.at(-1)?.write(pushes.map((each) => codec.encodePush(each)))
  return { Socket, commands, push }
}

describe.each([
  { encoding: 'json', Sdk: JsonSdk, codec: jsonCodec, data: (value: unknown) => value },
  {
    encoding: 'protobuf',
    Sdk: ProtobufSdk,
    codec: protobufCodec,
    // In Protobuf mode, payloads belong to the application.
    data: (value: unknown) => bytes(JSON.stringify(value)),
  },
])('$encoding', ({ encoding, Sdk, codec, data }) => {
  const open: { disconnect(): void }[] = []
  afterEach(() => {
    for (const client of open.splice(0)) client.disconnect()
  })

  function connect() {
    const { Socket, commands, push } = server(codec, encoding === 'protobuf')
    const client = new Sdk('ws://sdk.invalid', { websocket: Socket, token: 't', data: data({ a: 1 }) })
    open.push(client)
    client.connect()
    return { client, commands, push }
  }

  /** The value that the SDK passes to the application. */
  const parsed = (payload: unknown) =>
    payload instanceof Uint8Array ? JSON.parse(new TextDecoder().decode(payload)) : payload

  test('every command and every reply is decoded', async () => {
    const { client, commands } = connect()
    const connected = new Promise((resolve) => client.on('connected', (ctx) => resolve(parsed(ctx.data))))
    expect(await connected).toEqual({ hello: 1 })
    const sub = client.newSubscription('room:é', { joinLeave: true, positioned: true, recoverable: true })
    sub.subscribe()
    await sub.ready()
    await sub.publish(data({ text: '😀' }))
    expect(await sub.presenceStats()).toEqual({ numClients: 2, numUsers: 1 })
    expect(Object.values((await sub.presence()).clients)).toMatchObject([{ user: 'ann', client: 'c1' }])
    const history = await sub.history({ limit: -1, since: { offset: 2, epoch: 'e' }, reverse: true })
    expect(history.publications.map((p) => [p.offset, parsed(p.data)])).toEqual([
      [3, { n: 3 }],
      [4, { n: 4 }],
    ])
    expect(parsed((await client.rpc('m', data([1]))).data)).toEqual([1])
    await expect(client.rpc('fail', data(0))).rejects.toMatchObject({ code: 108, message: 'not available' })
    await client.send(data('x'))
    sub.unsubscribe()
    await expect.poll(() => commands.at(-1)?.verb).toBe('unsubscribe')
    expect(commands.map(({ verb }) => verb)).toEqual(
      'connect subscribe publish presence_stats presence history rpc rpc send unsubscribe'.split(' '),
    )
    expect(commands.slice(0, 3)).toMatchObject([
      { id: 1, request: { token: 't', data: '{"a":1}', name: 'js' } },
      { id: 2, request: { channel: 'room:é', positioned: true, recoverable: true, joinLeave: true } },
      { id: 3, request: { channel: 'room:é', data: '{"text":"😀"}' } },
    ])
    expect(commands[5]).toMatchObject({
      request: { limit: -1, since: { offset: 2, epoch: 'e' }, reverse: true },
    })
  })

  test('every push is decoded, the ping gets a pong, and the position is kept', async () => {
    const { client, commands, push } = connect()
    const sub = client.newSubscription('room:1', { joinLeave: true })
    const seen: unknown[] = []
    sub.on('publication', ({ data: d, offset, info: i, tags }) =>
      seen.push([parsed(d), offset, i?.user, parsed(i?.connInfo), tags]),
    )
    sub.on('join', ({ info: i }) => seen.push(['join', i.client]))
    sub.on('leave', ({ info: i }) => seen.push(['leave', i.client]))
    client.on('message', ({ data: d }) => seen.push(['message', parsed(d)]))
    client.on('subscribed', ({ channel, streamPosition }) => seen.push([channel, streamPosition]))
    sub.subscribe()
    await sub.ready()
    push(
      { kind: 'pub', channel: 'room:1', ...stored(5) },
      { kind: 'join', channel: 'room:1', info },
      { kind: 'leave', channel: 'room:1', info },
      { kind: 'message', data: '{"x":1}' },
      {
        kind: 'subscribe',
        channel: '#ann',
        result: { recoverable: true, positioned: true, epoch: 'e', offset: 9 },
      },
      { kind: 'ping' },
      { kind: 'unsubscribe', channel: 'room:1', code: 2500, reason: 'insufficient state' },
    )
    await expect.poll(() => commands.filter(({ verb }) => verb === 'subscribe').length).toBe(2)
    expect(seen).toEqual([
      [{ n: 5 }, 5, 'ann', { name: 'Ann' }, { t: 'x' }],
      ['join', 'c1'],
      ['leave', 'c1'],
      ['message', { x: 1 }],
      ['#ann', { offset: 9, epoch: 'e' }],
    ])
    expect(commands.some(({ verb }) => verb === 'pong')).toBe(true)
    expect(commands.findLast(({ verb }) => verb === 'subscribe')).toMatchObject({
      request: { recover: true, offset: 5, epoch: 'e' },
    })
  })
})
