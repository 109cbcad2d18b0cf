/** What many clients do at once: all come back together, and some read too slowly or not at all. */
import { now, ownNetworkLacks, pause } from '@skein/testkit'
import type { Form, Scenario } from '../scenario.ts'

const STORM: Readonly<Record<Form, number>> = { short: 400, long: 2500 }

export const storm: Scenario = {
  name: 'storm',
  about: '10,000 clients lose their connections together and come back at once: all are back within 60 s',
  seconds: { short: 8, long: 100 },
  world: () => ({ nginx: 'ip-hash' }),
  load: (form) => ({
    channels: 10,
    processes: form === 'long' ? 4 : 1,
    ramp: form === 'long' ? 20_000 : 500,
    groups: [{ name: 'storm', clients: STORM[form] }],
    // In the long form each goes to 1,000 clients: more often, and two cores would be late without a storm.
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

/** When the slow ones began, in the trace's time. */
const slowFrom = new WeakMap<object, number>()

export const slowClients: Scenario = {
  name: 'slow-clients',
  about:
    'some clients read in drips and some not at all: they are let go and recover, the others notice nothing',
  seconds: { short: 14, long: 60 },
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
    await pause((run.seconds * 1000) / 3)
    slowFrom.set(run, now())
    const freeze = (group: string, frozen: boolean): void => run.fleet.order({ do: 'freeze', group, frozen })
    freeze('frozen', true)
    const end = now() + (run.seconds * 1000) / 2.5
    while (now() < end) {
      freeze('dripping', true)
      await pause(900)
      freeze('dripping', false)
      await pause(50)
    }
    await run.fault('slow clients read again', () => freeze('frozen', false))
  },
  judge: (run, _verdict, latency) => {
    const from = slowFrom.get(run) ?? 0
    const third = (run.seconds * 1000) / 3
    const before = latency.quantile('brisk', 0.99, from - third + 1000, from)
    const during = latency.quantile('brisk', 0.99, from, from + third)
    run.figure('p99 of the others before', Math.round(before * 10) / 10, 'ms')
    run.figure('p99 of the others meanwhile', Math.round(during * 10) / 10, 'ms')
    // A fifth is promised. Below so many ms it is the machine's other work that is measured, most of all in a short form.
    const bound = Math.max(run.form === 'long' ? 20 : 100, before * 1.2)
    if (during > bound) run.failed(`the others' p99 rose from ${before} to ${during} ms`)
  },
}
