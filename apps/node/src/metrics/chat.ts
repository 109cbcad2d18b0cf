/** Metrics of chat: an observer, and the state of its listeners at each scrape. */
import type { CallOutcome, Chat, ChatObserver, DeadReason, ListenerState, Place } from '@skein/chat'
import { Gauge, type Registry } from 'prom-client'
import { Durations } from './durations.ts'
import { Tally } from './tally.ts'

/**
 * Groups of methods with similar costs: a few histograms instead of one per method. The rest is group
 * `people`.
 */
const GROUPS: Readonly<Record<string, string>> = {
  unknown: 'unknown',
  'chat.send': 'send',
  'chat.edit': 'amend',
  'chat.delete': 'amend',
  'chat.react': 'amend',
  'chat.history': 'history',
  'chat.inbox': 'history',
  'chat.conversations': 'list',
  'chat.conversation': 'list',
  'chat.conversation.set': 'list',
  'chat.delivered': 'receipts',
  'chat.read': 'receipts',
  'chat.receipts': 'receipts',
  'chat.typing': 'typing',
}

/** Time that a scrape waits for Redis. Without a reply the gauges of the listeners are absent. */
const REDIS_TIMEOUT_MS = 1000

export function groupOf(method: string): string {
  return GROUPS[method] ?? (method.startsWith('chat.room') ? 'rooms' : 'people')
}

export function chatObserver(registry: Registry): ChatObserver {
  return { ...countCalls(registry), ...countEvents(registry), ...countAttempts(registry) }
}

function countCalls(registry: Registry): Pick<ChatObserver, 'called'> {
  const calls = new Tally(
    registry,
    'skein_chat_calls_total',
    'Calls of clients to chat, by method and outcome: ok, a name of the error table in docs/reference/chat.md, refused, unavailable, internal.',
    ['method', 'outcome'],
  )
  const seconds = new Durations(
    registry,
    'skein_chat_call_seconds',
    'Time from a call to its reply: send, amend, history, list, receipts, typing, rooms, people.',
    'group',
  )
  return {
    called(method: string, outcome: CallOutcome, ms: number) {
      calls.add([method, outcome])
      seconds.add(groupOf(method), ms / 1000)
    },
  }
}

function countEvents(registry: Registry): Pick<ChatObserver, 'published' | 'storedOffline' | 'deadLetter'> {
  const events = new Tally(
    registry,
    'skein_chat_events_total',
    'Published events, by kind and place: conversation, inbox, people. Deliveries are in skein_delivered_total: chat, personal, people.',
    ['event', 'place'],
  )
  const offline = new Tally(
    registry,
    'skein_chat_offline_messages_total',
    'Messages stored in the inbox of a user without a connected device.',
    [],
  )
  const letters = new Tally(
    registry,
    'skein_chat_dead_letters_total',
    'Dead letters: expired (a message), not_taken (an event), given_up (a task).',
    ['reason'],
  )
  return {
    published: (event: string, place: Place) => events.add([event, place]),
    storedOffline: () => offline.add([]),
    deadLetter: (reason: DeadReason) => letters.add([reason]),
  }
}

function countAttempts(registry: Registry): Pick<ChatObserver, 'attempted'> {
  const attempts = new Tally(
    registry,
    'skein_chat_listener_attempts_total',
    'Deliveries of events to listeners and webhooks; outcome: taken, failed; repeated: false for the first attempt.',
    ['listener', 'outcome', 'repeated'],
  )
  const seconds = new Durations(
    registry,
    'skein_chat_listener_seconds',
    'Duration of one delivery to a listener.',
    'listener',
  )
  return {
    attempted(listener: string, attempt: number, taken: boolean, ms: number) {
      attempts.add([listener, taken ? 'taken' : 'failed', String(attempt > 1)])
      seconds.add(listener, ms / 1000)
    },
  }
}

/** Gauges of the state of the listeners, which is read once for each scrape. */
export function showListeners(registry: Registry, chat: Pick<Chat, 'listeners'>): void {
  const states = shared(() => chat.listeners())
  const gauge = (name: string, help: string, read: (state: ListenerState) => number | undefined): void => {
    new Gauge({
      name,
      help,
      labelNames: ['listener'],
      registers: [registry],
      async collect() {
        const now = await states()
        this.reset()
        for (const state of now) {
          const value = read(state)
          if (value !== undefined) this.set({ listener: state.name }, value)
        }
      },
    })
  }
  gauge(
    'skein_chat_listener_open',
    '1 while the circuit breaker of this node for the listener is open or half-open.',
    ({ breaker }) => (breaker === 'closed' ? 0 : 1),
  )
  gauge(
    'skein_chat_listener_waiting',
    'Undelivered events of the listener over all nodes: the lag of its consumer group.',
    ({ behind }) => behind?.waiting,
  )
  gauge(
    'skein_chat_listener_pending',
    'Delivered events without an acknowledgement over all nodes: in flight, or to be retried.',
    ({ behind }) => behind?.pending,
  )
}

/** Concurrent calls share one reply. Empty if Redis fails or is too slow. */
function shared(ask: () => Promise<readonly ListenerState[]>): () => Promise<readonly ListenerState[]> {
  let asking: Promise<readonly ListenerState[]> | undefined
  return () => {
    asking ??= patiently(ask).finally(() => {
      asking = undefined
    })
    return asking
  }
}

async function patiently(ask: () => Promise<readonly ListenerState[]>): Promise<readonly ListenerState[]> {
  const over = Promise.withResolvers<readonly ListenerState[]>()
  const timer = setTimeout(() => over.resolve([]), REDIS_TIMEOUT_MS)
  try {
    return await Promise.race([ask(), over.promise])
  } catch {
    return [] // a scrape must not fail without Redis, which has metrics of its own
  } finally {
    clearTimeout(timer)
  }
}
