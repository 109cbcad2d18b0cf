/** What Prometheus is told of chat: its observer, and the state of its listeners, asked when it is scraped. */
import type { CallOutcome, Chat, ChatObserver, DeadReason, ListenerState, Place } from '@skein/chat'
import { Gauge, type Registry } from 'prom-client'
import { Durations } from './durations.ts'
import { Tally } from './tally.ts'

/** Calls that cost alike: a histogram of a few rows, not of one per method. All others are about people. */
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

/** How long a scrape waits for Redis, ms. Without an answer the listeners' gauges are left out. */
const PATIENCE = 1000

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
    'From a call to its answer: send, amend, history, list, receipts, typing, rooms, people.',
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
    'Events published, by kind and place: conversation, inbox, people. What devices got of them is in skein_delivered_total: chat, personal, people.',
    ['event', 'place'],
  )
  const offline = new Tally(
    registry,
    'skein_chat_offline_messages_total',
    'Messages put into the inbox of somebody none of whose devices was connected.',
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
    'Events brought to listeners and webhooks; outcome: taken, failed; repeated: false for the first attempt.',
    ['listener', 'outcome', 'repeated'],
  )
  const seconds = new Durations(
    registry,
    'skein_chat_listener_seconds',
    'How long a listener took for one attempt.',
    'listener',
  )
  return {
    attempted(listener: string, attempt: number, taken: boolean, ms: number) {
      attempts.add([listener, taken ? 'taken' : 'failed', String(attempt > 1)])
      seconds.add(listener, ms / 1000)
    },
  }
}

/** Gauges of what is asked at each scrape, once for all of them. */
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
    '1 while this node leaves the listener alone after failures, or tries whether it is back.',
    ({ breaker }) => (breaker === 'closed' ? 0 : 1),
  )
  gauge(
    'skein_chat_listener_waiting',
    'Events that the listener was not given yet, over all nodes: the lag of its consumer group.',
    ({ behind }) => behind?.waiting,
  )
  gauge(
    'skein_chat_listener_pending',
    'Events given and not taken yet, over all nodes: under way, or to be repeated.',
    ({ behind }) => behind?.pending,
  )
}

/** Calls that come while one is under way get its answer. Nothing where it fails or takes too long: Redis is away. */
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
  const timer = setTimeout(() => over.resolve([]), PATIENCE)
  try {
    return await Promise.race([ask(), over.promise])
  } catch {
    return [] // whether Redis is there, other metrics tell; a scrape must not fail with it
  } finally {
    clearTimeout(timer)
  }
}
