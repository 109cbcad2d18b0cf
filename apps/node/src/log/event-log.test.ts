import { createMemoryBus } from '@skein/core'
import { expect, it } from 'vitest'
import { openSocket, startTestNode } from '../testing/node.ts'

interface Line {
  readonly level: string
  readonly msg: string
}

it('an outage of the cluster is one warning and no internal error; refused calls are counted', async () => {
  const bus = createMemoryBus()
  const lines: Line[] = []
  const node = await startTestNode({
    bus,
    env: { SKEIN_LOG_LEVEL: 'info' },
    onLog: (line) => lines.push(JSON.parse(line)),
  })
  const metrics = async (): Promise<string> => (await fetch(`${node.internalUrl}/metrics`)).text()
  const client = await openSocket(node.wsUrl)
  client.send({ id: 1, connect: { token: node.token() } })
  await client.next()
  client.send({ id: 2, subscribe: { channel: 'room:a' } })
  await client.next()
  lines.length = 0
  bus.cut()
  for (let id = 3; id < 8; id++) {
    client.send({ id, publish: { channel: 'room:a', data: id } })
    expect(await client.next()).toMatchObject({ id, error: { code: 100 } })
  }
  await expect.poll(metrics, { timeout: 10_000 }).toMatch(/^skein_cluster_reachable 0$/m)
  bus.heal()
  await expect.poll(metrics, { timeout: 10_000 }).toMatch(/^skein_cluster_reachable 1$/m)
  const page = await metrics()
  expect(page).toContain('skein_unavailable_total{where="publish"} 5')
  expect(page).not.toMatch(/^skein_internal_errors_total\{/m)
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  const outage = lines.filter(({ msg }) => msg.includes('the cluster'))
  expect(outage.map(({ level, msg }) => [level, msg])).toEqual([
    ['warn', 'waiting for the cluster: the node keeps its clients and refuses new ones'],
    ['info', 'the cluster is within reach again'],
  ])
}, 20_000)
