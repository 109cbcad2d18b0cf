/** A DNS server on loopback whose SRV records a test changes. It rotates every reply, as DNS servers may. */
import { createSocket } from 'node:dgram'
import { onTestFinished } from 'vitest'

export interface Target {
  /** First label of the target name. */
  readonly name: string
  readonly port: number
}

export interface DnsServer {
  readonly port: number
  /** Replaces all SRV records. */
  serve(targets: readonly Target[]): void
  /** Number of SRV replies since the last change. */
  replies(): number
}

const SRV = 33
const A = 1
const LOOPBACK = Buffer.from([127, 0, 0, 1])
const TTL_SECONDS = 1

/** Answers any SRV query with the targets, and any A query with 127.0.0.1. It closes with the test. */
export async function startDnsServer(domain: string): Promise<DnsServer> {
  let targets: readonly Target[] = []
  let replies = 0
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    const end = questionEnd(query)
    const type = query.readUInt16BE(end - 4)
    const records =
      type === SRV ? rotated(targets, replies++).map((one) => srv(one, domain, targets.length)) : []
    if (type === A) records.push(record(A, LOOPBACK))
    socket.send(reply(query.subarray(0, end), records), port, address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  onTestFinished(() => void socket.close())
  return {
    port: socket.address().port,
    serve: (next) => {
      targets = next
      replies = 0
    },
    replies: () => replies,
  }
}

/** Offset behind the question (RFC 1035, 4.1.2): header, labels, type, class. */
function questionEnd(query: Buffer): number {
  let at = 12
  while (query.readUInt8(at) > 0) at += query.readUInt8(at) + 1
  return at + 5
}

function reply(question: Buffer, records: readonly Buffer[]): Buffer {
  const head = Buffer.from(question)
  head.writeUInt16BE(0x8180, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt16BE(records.length, 6)
  head.writeUInt32BE(0, 8)
  return Buffer.concat([head, ...records])
}

/** A resource record of the name in the question (RFC 1035, 4.1.3). */
function record(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE(type, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt32BE(TTL_SECONDS, 6)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

/** With the priority and weight of CoreDNS. */
function srv({ name, port }: Target, domain: string, count: number): Buffer {
  const head = Buffer.alloc(6)
  head.writeUInt16BE(Math.floor(100 / count), 2)
  head.writeUInt16BE(port, 4)
  const labels = [name, ...domain.split('.')].map((label) =>
    Buffer.from([label.length, ...Buffer.from(label)]),
  )
  return record(SRV, Buffer.concat([head, ...labels, Buffer.alloc(1)]))
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const at = items.length === 0 ? 0 : by % items.length
  return [...items.slice(at), ...items.slice(0, at)]
}
