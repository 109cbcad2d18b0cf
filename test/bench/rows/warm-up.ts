/**
 * Twelve thousand publications to a channel of a few subscribers before the first round. A server in
 * production has all code of a publication compiled. Without the warm-up, some seconds at tens of
 * publications a second would measure V8's interpreter.
 */
import type { Pool } from '../load/pool.ts'
import type { Running } from '../systems/index.ts'
import { PAYLOAD } from './payload.ts'

const SUBSCRIBERS = 10
/**
 * Publications a second, and seconds: V8's last compiler begins after 3,000 calls of a function, and finishes
 * later.
 */
const RATE = 2000
const SECONDS = 6

/** `publishers`: the group of `publisher` whose connections publish. */
export async function warmUp(
  system: Running,
  load: Pool,
  publisher: Pool,
  publishers = system.name,
): Promise<void> {
  if (system.oneChannel === true) return
  const channel = system.channel('warm-up')
  const group = `${system.name}-warm-up`
  await load.open({
    group,
    dialect: system.dialect,
    targets: system.targets,
    secret: system.secret,
    userPrefix: 'w',
    count: SUBSCRIBERS,
    first: 0,
    concurrency: SUBSCRIBERS,
    rate: 0,
    timeoutMs: 30_000,
    channels: { prefix: channel, each: 0 },
  })
  await publisher.publish({
    group: publishers,
    channel,
    size: PAYLOAD,
    seconds: SECONDS,
    rate: RATE,
    window: 0,
    firstNumber: 0,
  })
  await load.close(group)
}
