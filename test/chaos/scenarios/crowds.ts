/** Faults of many clients at once: all reconnect together, and some read slowly or not at all. */
import { median, now, ownNetworkLacks, pause } from '@skein/testkit'
import type { Form, Run, Scenario } from '../scenario.ts'

const STORM: Readonly<Record<Form, number>> = { short: 400, long: 2500 }

export const storm: Scenario = {
  name: 'storm',
  about:
    '10,000 clients lose their connections together and reconnect at once: all are connected within 60 s',
  seconds: { short: 8, long: 100 },
  world: () => ({ nginx: 'ip-hash' }),
  load: (form) => ({
    channels: 10,
    processes: form === 'long' ? 4 : 1,
    ramp: form === 'long' ? 20_000 : 500,
    groups: [{ name: 'storm', clients: STORM[form] }],
    // In the long form each message goes to 1,000 clients: a higher rate would overload two cores without a
    // storm.
    publish: { bySocket: 2, byApi: 2, every: form === 'long' ? 1000 : 250 },
  }),
  healsWithin: 60_000,
  disturb: async (run) => {
    const pids = run.world.nodes.map(({ pid }) => pid)
    const began = now()
    await run.fault('everybody is cut', () =>
      run.fleet.order({ do: 'cut', group: 'storm', away: 0, over: 500 }),
    )
    // Busy load processes begin late, and need as long as the cuts are spread over.
    while (run.fleet.live === run.fleet.of && now() - began < 60_000) await pause(10)
    await pause(600)
    while (run.fleet.live < run.fleet.of && now() - began < 60_000) await pause(50)
    run.figure('everybody is back', Math.round(now() - began), 'ms', 60_000)
    const alive = run.world.nodes.filter((node, at) => node.pid === pids[at] && node.running())
    if (alive.length < pids.length) run.failed('a node did not survive')
  },
}

/**
 * Periods of `slow-clients`, one after the other, ms: with slow clients, the recovery from them, without slow
 * clients.
 */
const SLOW_MS = 4000
const AFTER_SLOW_MS = 1000
const CALM_MS = 3000
/** The spread of the medians of one run, ms (docs/design/reliability.md). */
const SCATTER_MS = 3

/** The periods of a run of `slow-clients`, in the trace's time. */
interface Stretch {
  readonly slow: boolean
  readonly from: number
  readonly to: number
}
const stretches = new WeakMap<object, Stretch[]>()

export const slowClients: Scenario = {
  name: 'slow-clients',
  about:
    'some clients read slowly and some not at all: they are closed and recover, without an effect on others',
  // Enough seconds for their median: one second holds a few slow publications, and differs from the next by
  // half.
  seconds: { short: 14, long: 150 },
  lacks: ownNetworkLacks,
  smallBuffers: true,
  alone: true,
  world: () => ({ env: { SKEIN_SLOW_TIMEOUT: '3s', SKEIN_OUTBOX_BYTES: '128KiB' } }),
  load: (form) => ({
    channels: 2,
    groups: [
      { name: 'brisk', clients: form === 'long' ? 100 : 20 },
      { name: 'dripping', clients: form === 'long' ? 20 : 4, apart: true },
      { name: 'frozen', clients: form === 'long' ? 20 : 4, apart: true },
    ],
    publish: { byApi: 4, every: 40, padding: 2000 },
  }),
  disturb: async (run) => {
    const mine: Stretch[] = []
    stretches.set(run, mine)
    const end = now() + run.seconds * 1000 - 1000
    // Nodes and load compile their code first: the comparison is without it.
    await pause((run.seconds * 1000) / 7)
    while (now() + SLOW_MS + AFTER_SLOW_MS + CALM_MS < end) {
      // Latencies are kept by whole seconds.
      await pause(1000 - (now() % 1000))
      const from = now()
      await someAreSlow(run, from + SLOW_MS)
      await pause(AFTER_SLOW_MS)
      const calm = now()
      mine.push({ slow: true, from, to: calm })
      await pause(CALM_MS)
      mine.push({ slow: false, from: calm, to: now() })
    }
  },
  judge: (run, _verdict, latency) => {
    const p99 = (slow: boolean): number =>
      median(
        (stretches.get(run) ?? [])
          .filter((stretch) => stretch.slow === slow)
          // Whole seconds begin a moment after the period.
          .flatMap(({ from, to }) => latency.quantiles('brisk', 0.99, from - 50, to + 50)),
      )
    const [meanwhile, otherwise] = [p99(true), p99(false)]
    run.figure('p99 of others, some slow', tenths(meanwhile), 'ms')
    run.figure('p99 of others, none slow', tenths(otherwise), 'ms')
    // A fifth is promised; the medians of one run differ by more (docs/design/reliability.md has several). A
    // short form shows only that no client waits for the slow ones.
    const bound = run.form === 'long' ? otherwise * 1.2 + SCATTER_MS : Math.max(100, otherwise * 1.2)
    if (Number.isNaN(meanwhile + otherwise)) run.failed('too short a run to compare')
    if (meanwhile > bound)
      run.failed(`the others' p99 was ${tenths(meanwhile)} ms instead of ${tenths(otherwise)}`)
  },
}

function someAreSlow(run: Run, until: number): Promise<void> {
  const freeze = (group: string, frozen: boolean): void => run.fleet.order({ do: 'freeze', group, frozen })
  const slow = async (): Promise<void> => {
    freeze('frozen', true)
    while (now() < until) {
      freeze('dripping', true)
      await pause(Math.max(0, Math.min(900, until - now())))
      freeze('dripping', false)
      await pause(50)
    }
  }
  return run.fault('some clients are slow', slow, 0, () => freeze('frozen', false))
}

const tenths = (ms: number): number => Math.round(ms * 10) / 10
