import type { Tasks } from '../ports.ts'

interface Kept {
  readonly payload: string
  at: number
  attempts: number
}

export function memoryTasks(): Tasks {
  const tasks = new Map<string, Kept>()
  return {
    async put(id, at, payload) {
      const known = tasks.get(id)
      if (known === undefined) tasks.set(id, { payload, at, attempts: 0 })
      else known.at = at
    },
    async remove(id) {
      tasks.delete(id)
    },
    async take(now, lease, limit) {
      const due = [...tasks].filter(([, task]) => task.at <= now).sort(([, a], [, b]) => a.at - b.at)
      return due.slice(0, limit).map(([id, task]) => {
        task.at = now + lease
        task.attempts++
        return { id, payload: task.payload, attempts: task.attempts }
      })
    },
  }
}
