/** Faults between the parts: partitions, half-open connections. In a network of its own, by its firewall. */
import { block, firewallLacks, ownNetworkLacks, pause, waitFor } from '@skein/testkit'
import type { Form, Scenario } from '../scenario.ts'
import { usual } from './usual.ts'

const lacks = (): string | undefined => ownNetworkLacks() ?? firewallLacks()

export const partitionRedis: Scenario = {
  name: 'partition-redis',
  about: 'a node is cut off from Redis alone (packets dropped), for longer than its lease',
  seconds: { short: 12, long: 90 },
  lacks,
  world: () => ({ nginx: 'ip-hash', redisAddresses: true }),
  load: usual,
  disturb: async (run) => {
    for (const [node, ms] of run.form === 'long'
      ? ([
          [0, 3000],
          [1, 10_000],
          [2, 30_000],
        ] as const)
      : ([[0, 7000]] as const)) {
      let heal = async (): Promise<void> => undefined
      await run.fault(
        `node-${node} without Redis`,
        async () => {
          heal = await block({ address: `127.0.1.${node + 1}` })
        },
        ms,
        () => heal(),
      )
      await pause(run.form === 'long' ? 10_000 : 1000)
    }
  },
}

export const partitionNginx: Scenario = {
  name: 'partition-nginx',
  about: 'nginx is cut off from a node alone (packets dropped)',
  seconds: { short: 14, long: 60 },
  lacks,
  world: () => ({ nginx: 'ip-hash' }),
  load: usual,
  disturb: async (run) => {
    const port = Number(new URL(run.world.node(0).publicUrl).port)
    let heal = async (): Promise<void> => undefined
    await run.fault(
      'nginx without node-0',
      async () => {
        heal = await block({ port })
      },
      run.form === 'long' ? 30_000 : 9000,
      () => heal(),
    )
    await pause(1000)
  },
}

const HALF_OPEN: Readonly<Record<Form, number>> = { short: 40, long: 1000 }
/** Ping interval, pong timeout, the wait for the close frame, and the age of the data of `info`, ms. */
const NOTICED_WITHIN = 3000 + 2000 + 3000 + 1500

export const halfOpen: Scenario = {
  name: 'half-open',
  about: 'clients vanish without FIN: the nodes detect it within ping and pong, and close them',
  seconds: { short: 12, long: 40 },
  lacks,
  world: () => ({}),
  load: (form) => ({
    ...usual(form),
    groups: [...usual(form).groups, { name: 'vanishing', clients: HALF_OPEN[form], network: 77 }],
  }),
  disturb: async (run) => {
    const clients = async (): Promise<number> => {
      const { nodes } = await run.world.api<{ nodes: { num_clients: number }[] }>('info', {})
      return nodes.reduce((sum, node) => sum + node.num_clients, 0)
    }
    const most = run.fleet.of - HALF_OPEN[run.form]
    let heal = async (): Promise<void> => undefined
    await run.fault(
      'a network of clients is dropped',
      async () => {
        heal = await block({ address: '127.77.0.0/16' })
        const began = performance.now()
        await waitFor('the nodes to close them', async () => (await clients()) <= most, 20_000)
        run.figure(
          'half-open connections closed',
          Math.round(performance.now() - began),
          'ms',
          NOTICED_WITHIN,
        )
      },
      run.form === 'long' ? 10_000 : 500,
      () => heal(),
    )
  },
}
