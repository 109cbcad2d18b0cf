import { type ChatContext, report } from '../context.ts'
import { ChatError } from '../errors.ts'
import { type Task, taskId } from './task.ts'

/**
 * Runs `steps` of `task` now. The stored task lets another node finish the work if this node dies. A
 * `ChatError` is final and removes the task; after any other failure a node retries it.
 */
export async function durably<T>(chat: ChatContext, task: Task, steps: () => Promise<T>): Promise<T> {
  const id = taskId(task)
  await chat.storage.tasks.put(id, chat.clock.now() + chat.limits.takeover, JSON.stringify(task))
  try {
    const result = await steps()
    await strike(chat, id)
    return result
  } catch (error) {
    if (error instanceof ChatError) await strike(chat, id)
    throw error
  }
}

/** Schedules a task for any node at the time `at`. */
export async function schedule(chat: ChatContext, task: Task, at: number): Promise<void> {
  await chat.storage.tasks.put(taskId(task), at, JSON.stringify(task))
}

/** A task whose removal fails runs once more, which has no effect. */
async function strike(chat: ChatContext, id: string): Promise<void> {
  await chat.storage.tasks.remove(id).catch((error: unknown) => report(chat, 'task removal', error))
}
