/** A load process: runs the jobs that its parent sends. Run as a program by `pool.ts`. */
import type { Client } from './client.ts'
import { Counters } from './counters.ts'
import type { Job, Replies } from './messages.ts'
import { open } from './open.ts'
import { personal } from './personal.ts'
import { publish } from './publish.ts'

const counters = new Counters()
const groups = new Map<string, Client[]>()

process.on('message', ({ id, job }: { id: number; job: Job }) => {
  run(job).then(
    (reply) => process.send?.({ id, reply }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  )
})
// The bench has exited.
process.on('disconnect', () => process.exit(0))

async function run(job: Job): Promise<Replies[keyof Replies]> {
  switch (job.op) {
    case 'open': {
      const report = await open(job, counters, groupOf(job.group))
      // Garbage of an opening is memory that a large cluster on the same machine needs.
      globalThis.gc?.()
      return report
    }
    case 'publish':
      return await publish(job, groupOf(job.group))
    case 'count':
      return count()
    case 'close':
      return close(job)
    case 'personal':
      return personal(job, groupOf(job.group))
  }
}

function groupOf(name: string): Client[] {
  const group = groups.get(name) ?? []
  groups.set(name, group)
  return group
}

function count(): Replies['count'] {
  const { received, outOfOrder, bytes, latency, open, lost } = counters
  const report = {
    received,
    outOfOrder,
    bytes,
    latency: latency.data(),
    open,
    lost: Object.fromEntries(lost),
  }
  counters.clear()
  return report
}

function close({ group, count: most }: { group: string; count?: number }): Replies['close'] {
  const ended = groupOf(group).splice(0, most ?? Number.POSITIVE_INFINITY)
  for (const client of ended) client.leave(most === undefined)
  return { closed: ended.length }
}
