/** One load process: runs the commands of its parent, and exits with it. */
import { constants, setPriority } from 'node:os'
import { now, TraceWriter } from '@skein/testkit'
import { Crowd } from './crowd.ts'
import type { Order, Plan, Top, Word } from './plan.ts'

let crowd: Crowd | undefined
let writer: TraceWriter | undefined

process.on('message', (order: Order) => {
  void obey(order)
})
process.on('disconnect', () => process.exit(1))
say({ say: 'ready' })

async function obey(order: Order): Promise<void> {
  if (order.do === 'start') start(order.plan)
  else if (crowd === undefined) throw new Error(`"${order.do}" before "start"`)
  else if (order.do === 'publish') crowd.begin()
  else if (order.do === 'hush') await hush(crowd)
  else if (order.do === 'cut') crowd.cut(order.group, order.away, order.over)
  else if (order.do === 'freeze') crowd.freeze(order.group, order.frozen)
  else if (order.do === 'rest') await rest(crowd, order.tops, order.within)
  else stop(crowd)
}

function start(plan: Plan): void {
  // A group that stands apart is meant for other machines: here it leaves the processors to the nodes.
  if (plan.groups.some(({ apart }) => apart)) setPriority(constants.priority.PRIORITY_LOW)
  const trace = new TraceWriter(plan.trace)
  writer = trace
  const made = new Crowd(plan, trace.write)
  crowd = made
  made.start()
  let reported = -1
  setInterval(() => {
    const { live } = made
    if (live !== reported) say({ say: 'live', live, of: made.members.length })
    reported = live
  }, 100)
}

async function hush(made: Crowd): Promise<void> {
  made.hush()
  while (made.pending > 0) await moment()
  say({ say: 'quiet' })
}

async function rest(made: Crowd, tops: readonly Top[], within: number): Promise<void> {
  made.rest()
  const deadline = performance.now() + within
  while (made.astray(tops).length > 0 && performance.now() < deadline) await moment()
  const at = now()
  for (const { name: client, live, gone } of made.members) {
    if (!gone) writer?.write({ kind: 'rested', at, client, live })
  }
  say({ say: 'rested' })
}

function stop(made: Crowd): void {
  made.stop()
  writer?.close()
  say({ say: 'stopped' })
  process.exit(0)
}

function say(word: Word): void {
  process.send?.(word)
}

function moment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20))
}
