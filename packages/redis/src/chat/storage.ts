/** The chat storage over Redis. */
import type { ChatStorage } from '@skein/chat'
import type { RedisClusterOptions } from '../options.ts'
import { Commands } from '../server/commands.ts'
import { resolveSettings } from '../server/settings.ts'
import { createRoutes } from '../slots/create-routes.ts'
import { redisAmendments } from './amendments.ts'
import { callsOver } from './calls.ts'
import { redisConversations } from './conversations.ts'
import { redisCursors } from './cursors.ts'
import { redisDeadLetters, redisEventStream } from './events.ts'
import { ChatKeys } from './keys.ts'
import { redisLedger } from './ledger.ts'
import { redisPeople } from './people.ts'
import { redisRooms } from './rooms.ts'
import { withChatScripts } from './scripts.ts'
import { redisRates, redisTasks } from './tasks.ts'

/**
 * Connects in the background by a connection of its own, and does not throw if Redis is unreachable: calls
 * reject with `Unavailable` until a connection is ready.
 */
export function createRedisChatStorage(options: RedisClusterOptions): ChatStorage {
  const settings = resolveSettings(options, withChatScripts)
  const commands = new Commands(settings, createRoutes(settings))
  const calls = callsOver(commands, new ChatKeys(settings.prefix))
  return {
    ledger: redisLedger(calls),
    amendments: redisAmendments(calls),
    rooms: redisRooms(calls),
    conversations: redisConversations(calls),
    cursors: redisCursors(calls),
    people: redisPeople(calls),
    rates: redisRates(calls),
    tasks: redisTasks(calls),
    events: redisEventStream(calls),
    deadLetters: redisDeadLetters(calls),
    close: () => commands.close(),
  }
}
