import type { Rates, TakenTask, Tasks } from '@skein/chat'
import type { Calls } from './calls.ts'

export function redisTasks({ keys, run }: Calls): Tasks {
  const { tasks, taskPayloads, taskAttempts } = keys
  return {
    async put(id, at, payload) {
      await run('put a task', tasks, (client) => client.taskPut(tasks, taskPayloads, id, at, payload))
    },
    async remove(id) {
      await run('remove a task', tasks, (client) => client.taskRemove(tasks, taskPayloads, taskAttempts, id))
    },
    async take(now, lease, limit) {
      const flat = await run('take tasks', tasks, (client) =>
        client.taskTake(tasks, taskPayloads, taskAttempts, now, now + lease, limit),
      )
      const taken: TakenTask[] = []
      for (let at = 0; at < flat.length; at += 3) {
        taken.push({ id: String(flat[at]), payload: String(flat[at + 1]), attempts: Number(flat[at + 2]) })
      }
      return taken
    },
  }
}

export function redisRates({ keys, run }: Calls): Rates {
  return {
    take: (key, burst, perSecond, now) =>
      run('take a token', keys.rate(key), (client) => client.rate(keys.rate(key), burst, perSecond, now)),
  }
}
