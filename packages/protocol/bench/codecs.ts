/**
 * The cost of the codecs: `node packages/protocol/bench/codecs.ts`. Compares them with protobufjs' reflection
 * over client.proto; medians of interleaved rounds.
 */
import { readFileSync } from 'node:fs'
import { type Codec, type Command, encodeEnvelope, jsonCodec, protobufCodec } from '@skein/protocol'
import protobuf from 'protobufjs'

const ROUNDS = 9
const TIMES = 50_000

const text = JSON.stringify({ text: 'x'.repeat(88) })
const info = { user: 'alice', client: '0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0' }
const envelope = encodeEnvelope({ data: text, info, time: 1_800_000_000_000 })
const push = { kind: 'pub', channel: 'room:lobby', offset: 12_345, envelope } as const
const command: Command = { id: 7, verb: 'publish', request: { channel: 'room:lobby', data: text } }

const root = protobuf.parse(readFileSync(new URL('../src/client.proto', import.meta.url), 'utf8'), {
  keepCase: true,
}).root
const Reply = root.lookupType('skein.protocol.Reply')
const CommandType = root.lookupType('skein.protocol.Command')
const published = protobufCodec.encodeCommand(command)

function decode(codec: Codec): () => unknown {
  const frame = codec.encodeCommand(command)
  return () => codec.decodeCommands(frame)
}

const CASES: Record<string, () => unknown> = {
  'encode pub push, JSON': () => jsonCodec.encodePush(push),
  'encode pub push, Protobuf': () => protobufCodec.encodePush(push),
  'encode pub push, protobufjs reflection (message at hand)': () =>
    Reply.encodeDelimited({
      push: { channel: push.channel, pub: { data: Buffer.from(text), offset: push.offset, info } },
    } as object).finish(),
  'decode publish command, JSON': decode(jsonCodec),
  'decode publish command, Protobuf': decode(protobufCodec),
  'decode publish command, protobufjs reflection (no checks)': () => CommandType.decodeDelimited(published),
  'encode envelope': () => encodeEnvelope({ data: text, info, time: 1_800_000_000_000 }),
  'encode empty reply, JSON': () => jsonCodec.encodeReply({ id: 7, verb: 'publish', result: {} }),
  'encode empty reply, Protobuf': () => protobufCodec.encodeReply({ id: 7, verb: 'publish', result: {} }),
}

function nanoseconds(run: () => unknown): number {
  const start = performance.now()
  for (let i = 0; i < TIMES; i++) run()
  return ((performance.now() - start) * 1e6) / TIMES
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

const measured = Object.keys(CASES).map(() => [] as number[])
for (let round = 0; round < ROUNDS; round++) {
  for (const [i, run] of Object.values(CASES).entries()) measured[i]?.push(nanoseconds(run))
}
for (const [i, name] of Object.keys(CASES).entries()) {
  console.log(`${String(Math.round(median(measured[i] ?? []))).padStart(6)} ns  ${name}`)
}
