import type { ChatStorage } from '../ports.ts'
import { Buckets } from '../rpc/buckets.ts'
import { memoryAmendments } from './amendments.ts'
import { memoryConversations } from './conversations.ts'
import { memoryCursors } from './cursors.ts'
import { memoryDeadLetters } from './dead-letters.ts'
import { memoryEventStream } from './event-stream.ts'
import { memoryLedger } from './ledger.ts'
import { memoryPeople } from './people.ts'
import { memoryRooms } from './rooms.ts'
import { memoryTasks } from './tasks.ts'

/** Chat storage in the memory of one process, shared by the nodes that receive it. */
export function createMemoryChatStorage(now: () => number = Date.now): ChatStorage {
  const buckets = new Map<string, Buckets>()
  return {
    ledger: memoryLedger(now),
    amendments: memoryAmendments(now),
    rooms: memoryRooms(now),
    conversations: memoryConversations(now),
    cursors: memoryCursors(),
    people: memoryPeople(),
    rates: {
      async take(key, burst, perSecond, at) {
        const kind = `${burst}:${perSecond}`
        const own = buckets.get(kind) ?? new Buckets(burst, perSecond)
        buckets.set(kind, own)
        return own.take(key, at)
      },
    },
    tasks: memoryTasks(),
    events: memoryEventStream(now),
    deadLetters: memoryDeadLetters(),
    close: async () => undefined,
  }
}
