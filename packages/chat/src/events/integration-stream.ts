import type { ChatContext } from '../context.ts'
import type { IntegrationEvent } from './integration-event.ts'

/** Appends the event to the stream that listeners read. A chat without listeners keeps no events. */
export async function appendIntegrationEvent(chat: ChatContext, event: IntegrationEvent): Promise<void> {
  if (chat.listeners.length > 0) await chat.storage.events.append(JSON.stringify(event))
}
