/** What happens to one node process: killed, paused, and starved of memory. */
import { pause } from '@skein/testkit'
import type { Scenario } from '../scenario.ts'
import { usual } from './usual.ts'

const VICTIM = 0

export const nodeKill: Scenario = {
  name: 'node-kill',
  about: 'kill -9 of a node under load; later it is started again',
  seconds: { short: 8, long: 60 },
  world: () => ({ nginx: 'ip-hash' }),
  load: usual,
  disturb: async (run) => {
    const times = run.form === 'long' ? 3 : 1
    for (let time = 0; time < times; time++) {
      const victim = Math.floor(run.random() * run.world.nodes.length)
      const node = run.world.node(victim)
      await run.fault(`kill -9 ${node.name}`, async () => {
        node.kill('SIGKILL')
        await node.exited
      })
      await pause(run.form === 'long' ? 10_000 : 2000)
      await run.world.restartNode(victim)
    }
  },
}

export const nodePause: Scenario = {
  name: 'node-pause',
  about: 'a node is stopped (SIGSTOP) for longer than its lease, and wakes',
  seconds: { short: 14, long: 90 },
  world: () => ({ nginx: 'ip-hash' }),
  load: usual,
  disturb: async (run) => {
    const node = run.world.node(VICTIM)
    const pauses = run.form === 'long' ? [10_000, 30_000] : [7000]
    for (const ms of pauses) {
      await run.fault(
        `SIGSTOP of ${node.name} for ${ms} ms`,
        () => node.kill('SIGSTOP'),
        ms,
        () => node.kill('SIGCONT'),
      )
      await pause(5000)
    }
  },
}
