import type { ChatContext } from '../context.ts'
import { roomChannel } from '../conversation/conversation.ts'
import type { IntegrationEvent } from '../events/integration-event.ts'
import { appendIntegrationEvent } from '../events/integration-stream.ts'
import { publishOnce } from '../events/publish.ts'
import type { System } from '../schema.ts'
import { touch } from './send.ts'
import type { TaskOf } from './task.ts'

/** Publishes a system message and the integration event of a room change. */
export async function performSystem(chat: ChatContext, task: TaskOf<'system'>): Promise<void> {
  const { room, op, at, system } = task
  await writeSystem(chat, roomChannel(room), room, op, at, system)
  const type = EVENTS[system.kind]
  if (type === undefined) return
  const { by = '', name } = system
  await appendIntegrationEvent(chat, { id: op, at, type, room, by, ...(name !== undefined && { name }) })
}

const EVENTS: Partial<Record<System['kind'], Extract<IntegrationEvent, { name?: string }>['type']>> = {
  created: 'room.created',
  renamed: 'room.renamed',
  archived: 'room.archived',
  restored: 'room.restored',
}

/** Writes a system message to a log, once per `op`. */
export async function writeSystem(
  chat: ChatContext,
  conversation: string,
  to: string,
  op: string,
  at: number,
  system: System,
  body = '',
): Promise<void> {
  const message = { id: op, timestamp: at, type: 'system', from: '', to, body, clientId: '', system } as const
  await publishOnce(chat, conversation, { event: 'message', conversation, message }, at)
  await touch(chat, conversation, at)
}
