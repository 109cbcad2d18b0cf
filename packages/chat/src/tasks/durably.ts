import { type ChatContext, report } from '../context.ts'
import { ChatError } from '../errors.ts'
import { type Task, taskId } from './task.ts'

/**
 * Does `steps` of `task` here and now, with the promise that another node goes on should this one stop in the middle. A
 * refusal is final; after any other failure the task stays written down and is tried again.
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

/** To be done by any node at `at`. */
export async function schedule(chat: ChatContext, task: Task, at: number): Promise<void> {
  await chat.storage.tasks.put(taskId(task), at, JSON.stringify(task))
}

/** What cannot be struck out is done once more, which changes nothing. */
async function strike(chat: ChatContext, id: string): Promise<void> {
  await chat.storage.tasks.remove(id).catch((error: unknown) => report(chat, 'task removal', error))
}
