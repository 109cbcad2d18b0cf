/**
 * Work of several steps. It is written down before the first step and struck out after the last, so that what a node leaves
 * half done is done by another. Every step may be repeated: see `publish.ts`, `amendments.ts`, `ports.ts`.
 */
import type { Operation } from '../conversation/amendments.ts'
import type { Message, System } from '../schema.ts'

/** How a membership changed. */
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
      /** Of the ban. */
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

/** The same for every repetition. */
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
