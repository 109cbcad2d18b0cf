/**
 * Savings and costs of shared compression and deltas: the same publications to the same number of
 * subscribers, four ways.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join as joined } from 'node:path'
import { CONTENTS, type Content, contentOf } from '../load/content.ts'
import { textFrame } from '../load/frames.ts'
import { join, type Listeners, listen } from '../load/listeners.ts'
import { cpuSeconds } from '../measure/processes.ts'
import { skein } from '../systems/skein.ts'
import type { Running, System } from '../systems/system.ts'
import { pause, withSystems } from './rounds.ts'
import type { BenchContext, Row, Values } from './row.ts'

const SUBSCRIBERS = 200
/** Messages per second. */
const RATE = 100
const LINGER_MS = 400
const WARM_UP_SECONDS = 2

/** No pings: the listeners do not answer them. */
const env = { SKEIN_PING_INTERVAL: '1h', SKEIN_PONG_TIMEOUT: '10m' }
const NAMESPACES = { namespaces: { state: { subscribe: 'anyone', publish: 'anyone', delta: true } } }

interface Variant {
  readonly name: string
  readonly label: string
  readonly content: Content
  readonly compressed: boolean
  readonly deltas: boolean
}

const WORDS: Record<Content, string> = { chat: 'chat text', state: 'JSON state' }

const VARIANTS: readonly Variant[] = CONTENTS.flatMap((content) =>
  [false, true].flatMap((deltas) =>
    [false, true].map((compressed) => ({
      // The first is the reference of the others.
      name: content === 'chat' && !deltas && !compressed ? 'skein' : `${content}-${compressed}-${deltas}`,
      label: `${WORDS[content]}: ${[compressed && 'compressed', deltas && 'deltas'].filter(Boolean).join(', ') || 'raw'}`,
      content,
      compressed,
      deltas,
    })),
  ),
)

export const compression: Row = {
  name: 'compression',
  title: `Compression and deltas: one channel, ${SUBSCRIBERS} subscribers, ${RATE} messages a second`,
  main: 'bytes',
  metrics: [
    { name: 'bytes', label: 'bytes per message on the wire', digits: 0 },
    { name: 'share', label: 'share of raw, %', digits: 0 },
    { name: 'cpu', label: 'CPU per message, us', digits: 2 },
    { name: 'lost', label: 'lost', digits: 0 },
  ],
  budgets: [],
  systems: VARIANTS.map(({ name, label }) => ({
    name,
    label,
    start: () => Promise.reject(new Error('see run')),
  })),
  fixed: true,
  run: measureAll,
}

async function measureAll(context: BenchContext): Promise<Map<string, Values[]>> {
  const folder = await mkdtemp(joined(tmpdir(), 'skein-bench-'))
  try {
    const config = joined(folder, 'namespaces.json')
    await writeFile(config, JSON.stringify(NAMESPACES))
    const systems = [systemOf('off', config), systemOf('shared', config)]
    return await withSystems(systems, context, (running) => inTurns(running, context))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function systemOf(compression: 'off' | 'shared', config: string): System {
  const name = `skein-${compression}`
  return skein({ name, label: name, env: { ...env, SKEIN_CONFIG: config, SKEIN_COMPRESSION: compression } })
}

async function inTurns(
  [raw, shared]: readonly Running[],
  { rounds, seconds, say }: BenchContext,
): Promise<Map<string, Values[]>> {
  if (raw === undefined || shared === undefined) throw new Error('two nodes')
  const results = new Map<string, Values[]>(VARIANTS.map(({ name }) => [name, []]))
  const rawBytes = new Map<Content, number>()
  for (let round = -1; round < rounds; round++) {
    for (const variant of VARIANTS) {
      const slice = round < 0 ? WARM_UP_SECONDS : seconds
      const values = await measure(variant.compressed ? shared : raw, variant, slice)
      if (!variant.compressed && !variant.deltas) rawBytes.set(variant.content, values.bytes)
      if (round < 0) continue
      const share = (100 * values.bytes) / (rawBytes.get(variant.content) ?? Number.NaN)
      results.get(variant.name)?.push({ ...values, share })
      say(
        `  ${round + 1}/${rounds} ${variant.label}: ${Math.round(values.bytes)} bytes, ${values.cpu.toFixed(2)} us`,
      )
    }
  }
  return results
}

async function measure(system: Running, variant: Variant, seconds: number) {
  const [target] = system.targets
  if (target === undefined) throw new Error('no node')
  const options = {
    target,
    secret: system.secret,
    channel: 'state:a',
    offersCompression: true,
    wantsDeltas: variant.deltas,
  }
  const publisher = await join(SUBSCRIBERS, { ...options, channel: 'state:nobody' })
  const listeners = await listen(SUBSCRIBERS, options)
  try {
    return await weigh(system, listeners, () => publish(publisher, variant.content, seconds))
  } finally {
    listeners.stop()
    publisher.destroy()
  }
}

async function weigh(system: Running, listeners: Listeners, work: () => Promise<number>) {
  await pause(LINGER_MS)
  const [bytes, cpu, delivered] = [listeners.bytes(), cpuSeconds(system.pids), await deliveredBy(system)]
  const published = await work()
  const messages = await settled(system, delivered, published * SUBSCRIBERS)
  const used = cpuSeconds(system.pids) - cpu
  return {
    bytes: (listeners.bytes() - bytes) / messages,
    cpu: (used * 1e6) / messages,
    lost: published * SUBSCRIBERS - messages,
  }
}

/** Deliveries beyond `before`, when all are done or no more arrive. */
async function settled(system: Running, before: number, expected: number): Promise<number> {
  let [last, now] = [-1, 0]
  while (now < expected && now !== last) {
    await pause(LINGER_MS)
    last = now
    now = (await deliveredBy(system)) - before
  }
  await pause(LINGER_MS)
  return now
}

/** By the node's own count: no listener reads messages. */
async function deliveredBy({ internalUrls = [] }: Running): Promise<number> {
  const page = await (await fetch(`${internalUrls[0]}/metrics`)).text()
  return Number(/^skein_delivered_total\{namespace="state"\} (\d+)$/m.exec(page)?.[1] ?? 0)
}

/** By an absolute schedule. Returns the number of publications. */
async function publish(socket: Socket, content: Content, seconds: number): Promise<number> {
  const total = Math.round(RATE * seconds)
  const startedAt = performance.now()
  for (let number = 0; number < total; number++) {
    const wait = startedAt + (number * 1000) / RATE - performance.now()
    if (wait > 0) await pause(wait)
    socket.write(
      textFrame(`{"id":${number + 3},"publish":{"channel":"state:a","data":${contentOf(content, number)}}}`),
    )
  }
  return total
}
