/** A connected client over a scripted transport, with a loaded list. */
import { onTestFinished } from 'vitest'
import { ChatClient } from '../chat-client.ts'
import type { ChatError } from '../errors.ts'
import { type KeyValueStorage, memoryStorage } from '../util/storage.ts'
import type { ConversationView } from '../wire/shapes.ts'
import { ScriptedTransport, turn } from './scripted-transport.ts'

export interface Started {
  readonly client: ChatClient
  readonly transport: ScriptedTransport
  readonly problems: ChatError[]
}

export function newClient(storage: KeyValueStorage = memoryStorage(), now = () => Date.now()): Started {
  const transport = new ScriptedTransport('ada')
  const client = new ChatClient({
    url: 'ws://test.invalid',
    user: 'ada',
    getToken: async () => '',
    storage,
    transport,
    now,
  })
  const problems: ChatError[] = []
  client.on('problem', (problem) => problems.push(problem))
  onTestFinished(() => client.disconnect())
  return { client, transport, problems }
}

export async function startClient(
  conversations: readonly ConversationView[],
  storage?: KeyValueStorage,
): Promise<Started> {
  const started = newClient(storage)
  started.client.connect()
  await started.transport.up()
  await started.transport.answer('chat.conversations', { conversations })
  for (const { id, type } of conversations) if (type === 'room') await started.transport.live(id)
  await started.transport.live('chat:@everyone')
  await turn()
  return started
}
