/** Faults of one node process: killed, paused, and starved of memory. */
import { limitMemory, memoryLimitLacks, pause } from '@skein/testkit'
import { PresenceWatch } from '../presence-watch.ts'
import type { Form, Load, Run, Scenario } from '../scenario.ts'
import { usual } from './usual.ts'

/** The node with the fault, and the one that watches. */
const VICTIM = 0
const WITNESS = 1
const WATCHED = 'room:watched'
/** Users whose last session ends with the victim. */
const MORTALS: Readonly<Record<Form, number>> = { short: 10, long: 200 }

function watched(form: Form): Load {
  const load = usual(form)
  const mortals = { name: 'mortal', clients: MORTALS[form], only: WATCHED, boundTo: VICTIM }
  return { ...load, groups: [...load.groups, mortals] }
}

/** Presence before and after: correct for readers within 5 s, all leaves within 10 s, one for each user. */
async function witnessed(run: Run, fault: () => Promise<void>): Promise<void> {
  const users = MORTALS[run.form]
  const watch = await PresenceWatch.start(run.world, WATCHED, WITNESS)
  await watch.until(users, 5000)
  await fault()
  const truth = watch.until(0, 20_000)
  const leaves = watch.untilLeaves(users, 20_000)
  run.figure('presence is correct', await truth, 'ms', 5000)
  run.figure('all leaves were published', await leaves, 'ms', 10_000)
  watch.stop()
  const wrong = [...watch.leaves].filter(([, count]) => count !== 1).length
  run.figure('users without exactly one leave', users - watch.leaves.size + wrong, '', 0)
}

export const nodeKill: Scenario = {
  name: 'node-kill',
  about: 'kill -9 of a node under load; presence is watched; later the node is started again',
  seconds: { short: 10, long: 60 },
  world: () => ({ nginx: 'ip-hash' }),
  load: watched,
  disturb: async (run) => {
    await witnessed(run, () => kill(run, VICTIM))
    await run.world.restartNode(VICTIM)
    for (let time = 1; run.form === 'long' && time < 3; time++) {
      const victim = Math.floor(run.random() * run.world.nodes.length)
      await kill(run, victim)
      await pause(10_000)
      await run.world.restartNode(victim)
    }
  },
}

function kill(run: Run, index: number): Promise<void> {
  const node = run.world.node(index)
  return run.fault(`kill -9 of ${node.name}`, async () => {
    node.kill('SIGKILL')
    await node.exited
  })
}

export const nodePause: Scenario = {
  name: 'node-pause',
  about: 'a node is stopped (SIGSTOP) for longer than its lease, and wakes; presence is watched',
  seconds: { short: 14, long: 90 },
  world: () => ({ nginx: 'ip-hash' }),
  load: watched,
  disturb: async (run) => {
    await pausedFor(run, run.form === 'long' ? 30_000 : 9000, (stop) => witnessed(run, stop))
    // Without a witness: the users that leave permanently are gone.
    if (run.form === 'long') await pausedFor(run, 10_000, (stop) => stop())
  },
}

async function pausedFor(
  run: Run,
  ms: number,
  watch: (stop: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const node = run.world.node(VICTIM)
  await run.fault(
    `SIGSTOP of ${node.name}`,
    async () => {
      const enough = pause(ms)
      await watch(async () => node.kill('SIGSTOP'))
      await enough
    },
    0,
    () => node.kill('SIGCONT'),
  )
  await pause(4000)
}

export const memoryLimit: Scenario = {
  name: 'memory-limit',
  about: 'a node may allocate no more memory, and is killed by the kernel',
  seconds: { short: 8, long: 40 },
  lacks: memoryLimitLacks,
  world: () => ({ nginx: 'ip-hash' }),
  load: usual,
  disturb: async (run) => {
    const node = run.world.node(VICTIM)
    let free = async (): Promise<void> => undefined
    await run.fault(`${node.name} out of memory`, async () => {
      free = await limitMemory(node.pid, 2_000_000)
      const { signal } = await node.exited
      if (signal !== 'SIGKILL') run.failed(`${node.name} ended by ${signal}, not for want of memory`)
    })
    await free()
    await pause(1000)
    await run.world.restartNode(VICTIM)
  },
}
