import type { ChatContext } from '../context.ts'
import { performAmend } from './amend.ts'
import { performExpire } from './expire.ts'
import { performMembership } from './membership.ts'
import { performNotify } from './notify.ts'
import { performSend } from './send.ts'
import { performSystem } from './system.ts'
import type { Task } from './task.ts'

/** Performs the remaining steps of a task. Throws `ChatError` when the task is rejected finally. */
export function perform(chat: ChatContext, task: Task): Promise<unknown> {
  switch (task.kind) {
    case 'send':
      return performSend(chat, task)
    case 'amend':
      return performAmend(chat, task)
    case 'membership':
      return performMembership(chat, task)
    case 'system':
      return performSystem(chat, task)
    case 'expire':
      return performExpire(chat, task)
    case 'notify':
      return performNotify(chat, task)
    default:
      return task satisfies never
  }
}
