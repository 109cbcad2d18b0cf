/**
 * Work of several steps, stored before the first step and removed after the last, so another node can finish
 * it. Every step can be repeated: see `events/publish.ts`, `conversation/amendments.ts`, `ports.ts`.
 */
import type { Operation } from '../conversation/amendments.ts'
import type { Message, System } from '../schema.ts'

/** Kinds of membership changes. */
export type MembershipChange = 'joined' | 'left' | 'kicked' | 'banned'

export type Task =
  | { readonly kind: 'send'; readonly conversation: string; readonly message: Message; readonly key: string }
  | {
      readonly kind: 'amend'
      readonly conversation: string
      readonly operation: Operation
      readonly key: string
    }
  | {
      readonly kind: 'membership'
      readonly room: string
      readonly user: string
      readonly change: MembershipChange
      readonly by: string
      readonly op: string
      readonly at: number
      /** End of the ban. */
      readonly until?: number
    }
  | {
      readonly kind: 'system'
      readonly room: string
      readonly op: string
      readonly at: number
      readonly system: System
    }
  | {
      readonly kind: 'expire'
      readonly conversation: string
      readonly offset: number
      readonly message: Message
    }
  | {
      readonly kind: 'notify'
      readonly conversation: string
      readonly offset: number
      readonly message: Message
    }

export type TaskOf<K extends Task['kind']> = Extract<Task, { kind: K }>

/** The same id for every repetition of the task. */
export function taskId(task: Task): string {
  switch (task.kind) {
    case 'send':
    case 'expire':
    case 'notify':
      return `${task.kind}:${task.message.id}`
    case 'amend':
      return `amend:${task.operation.op}`
    case 'membership':
    case 'system':
      return `${task.kind}:${task.op}`
    default:
      return task satisfies never
  }
}
