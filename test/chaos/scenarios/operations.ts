/** Operations: restart all nodes one after the other, add nodes, reload nginx, step a clock. */

import { join } from 'node:path'
import {
  type NodeProcess,
  pause,
  stepClock,
  steppable,
  steppedClockLacks,
  untilReady,
  within,
} from '@skein/testkit'
import type { Run, Scenario } from '../scenario.ts'
import type { World } from '../world.ts'
import { usual } from './usual.ts'

export const rollingRestart: Scenario = {
  name: 'rolling-restart',
  about:
    'the nodes get SIGTERM one after the other, drain, exit with 0, and are started again, without a pause',
  seconds: { short: 10, long: 90 },
  world: (form) => ({ nginx: 'ip-hash', env: { SKEIN_DRAIN_WINDOW: form === 'long' ? '10s' : '1500ms' } }),
  load: usual,
  disturb: async (run) => {
    for (const [index, node] of run.world.nodes.entries()) {
      await run.fault(`restart of ${node.name}`, async () => {
        await drained(run, node)
        await run.world.restartNode(index)
      })
    }
  },
  judge: (run, { p99Absence }) => run.figure('p99 without connection', p99Absence, 'ms', 2000),
}

async function drained(run: Run, node: NodeProcess): Promise<void> {
  node.kill('SIGTERM')
  const { code } = await within(`${node.name} to end`, node.exited, 30_000)
  if (code !== 0) run.failed(`${node.name} ended with ${code}`)
}

/** Standard deviation by mean of the nodes' connections, per cent. */
async function unevenness(world: World): Promise<number> {
  const { nodes } = await world.api<{ nodes: { num_clients: number }[] }>('info', {})
  const counts = nodes.map((node) => node.num_clients)
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length
  return Math.round((Math.sqrt(variance) / mean) * 100)
}

export const scaleOut: Scenario = {
  name: 'scale-out',
  about: 'three nodes become six: the new ones get their share of the connections, at a pace',
  seconds: { short: 30, long: 120 },
  world: (form) => ({
    nginx: 'least-conn',
    env: {
      SKEIN_REBALANCE: 'on',
      SKEIN_REBALANCE_INTERVAL: '2s',
      SKEIN_REBALANCE_SETTLE: form === 'long' ? '10s' : '2s',
    },
  }),
  load: (form) => {
    const load = usual(form)
    // Enough connections that a tenth of a node's share is more than one.
    return { ...load, groups: [...load.groups, { name: 'many', clients: form === 'long' ? 3000 : 200 }] }
  },
  disturb: async (run) => {
    let uneven = 100
    await run.fault('three more nodes', async () => {
      for (let more = 0; more < 3; more++) await run.world.addNode()
      await run.world.reloadNginx()
      const began = performance.now()
      const patience = run.form === 'long' ? 100_000 : 40_000
      while (uneven >= 10 && performance.now() - began < patience) {
        await pause(500)
        uneven = await unevenness(run.world)
      }
      run.figure('time to even out', Math.round(performance.now() - began), 'ms')
    })
    run.figure('unevenness of connections', uneven, '%', 9)
  },
}

export const nginxReload: Scenario = {
  name: 'nginx-reload',
  about: 'nginx reads its configuration again, several times',
  seconds: { short: 6, long: 100 },
  world: () => ({ nginx: 'ip-hash' }),
  load: usual,
  disturb: async (run) => {
    for (let time = 0; time < (run.form === 'long' ? 20 : 3); time++) {
      await run.fault('nginx -s reload', () => run.world.reloadNginx())
      await pause(800)
    }
  },
}

const clockFile = (folder: string): string => join(folder, 'clock')

export const clockStep: Scenario = {
  name: 'clock-step',
  about: 'the wall clock of one node jumps an hour ahead, an hour back, and right again',
  seconds: { short: 8, long: 30 },
  lacks: steppedClockLacks,
  world: () => ({
    nginx: 'ip-hash',
    envOf: async (index, folder) => (index === 0 ? await steppable(clockFile(folder)) : {}),
  }),
  load: usual,
  disturb: async (run) => {
    for (const seconds of [3600, -3600, 0]) {
      await run.fault(`clock of node-0 at ${seconds} s`, () =>
        stepClock(clockFile(run.world.folder), seconds),
      )
      await pause(run.form === 'long' ? 8000 : 2000)
    }
    await untilReady(run.world.node(0))
  },
}
