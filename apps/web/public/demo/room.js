// @ts-check
/**
 * One room: its publications in order and once, what was missed, and who is there.
 *
 * @typedef {import('centrifuge').PublicationContext} PublicationContext
 * @typedef {'history' | 'caught-up' | 'live'} Arrival
 * @typedef {{ readonly user: string, readonly client: string, readonly text: string, readonly arrival: Arrival }} Message
 *
 * @typedef {object} RoomView
 * @property {(message: Message) => void} message
 * @property {(offlineMs: number | undefined) => (count: number) => void} caughtUp Called before the missed messages; the
 *   function it returns is told how many there were. `undefined`: the connection stayed, the stream was repaired.
 * @property {() => void} gap Not everything that was missed could be had; the latest follow.
 * @property {(busy: boolean) => void} loading
 * @property {(text: string) => void} problem
 * @property {(earlier: number) => void} entered The first time the history is there, with how many messages it had.
 * @property {(joined: boolean) => void} joined Whether messages can be sent now.
 * @property {(users: readonly string[]) => void} present
 * @property {(user: string) => void} came
 * @property {(user: string) => void} left
 */
import { createPeople } from './people.js'

/** Messages shown on entering. */
const HISTORY = 50

/** As the SDK's `subscribingCodes.transportClosed`. */
const TRANSPORT_CLOSED = 1

/**
 * Enters the room `name` and tells `view` what happens there.
 *
 * @param {import('centrifuge').Centrifuge} client
 * @param {string} name
 * @param {RoomView} view
 */
export function enterRoom(client, name, view) {
  const subscription = client.newSubscription(`room:${name}`, {
    joinLeave: true,
    positioned: true,
    recoverable: true,
  })
  const people = createPeople(subscription, view)
  let position = 0
  let historyShown = false
  /** @type {number | undefined} */
  let lostAt
  /** @type {(() => void)[] | undefined} Publications that came while the history was on its way. */
  let held
  /** @type {{ count: number } | undefined} */
  let catchUp

  /** @param {PublicationContext} publication @param {Arrival} arrival */
  const show = (publication, arrival) => {
    const offset = publication.offset ?? 0
    if (offset > 0 && offset <= position) return
    position = Math.max(position, offset)
    view.message({
      user: publication.info?.user ?? '',
      client: publication.info?.client ?? '',
      text: textOf(publication.data),
      arrival,
    })
  }

  /** @param {PublicationContext} publication */
  const take = (publication) => {
    const arrival = catchUp === undefined ? 'live' : 'caught-up'
    if (catchUp !== undefined) catchUp.count++
    if (held === undefined) show(publication, arrival)
    else held.push(() => show(publication, arrival))
  }

  const loadHistory = async () => {
    position = 0
    held = []
    view.loading(true)
    try {
      const page = await subscription.history({ limit: HISTORY, reverse: true })
      for (const publication of page.publications.toReversed()) show(publication, 'history')
      if (!historyShown) view.entered(page.publications.length)
      historyShown = true
    } catch (error) {
      if (subscription.state === 'subscribed') view.problem(`Earlier messages: ${reasonOf(error)}.`)
    } finally {
      const waiting = held
      held = undefined
      for (const showHeld of waiting) showHeld()
      view.loading(false)
    }
  }

  /** The SDK hands over what was missed right behind `subscribed`, in the same turn: it ends with this turn. */
  const beginCatchUp = () => {
    const run = { count: 0 }
    const finish = view.caughtUp(lostAt === undefined ? undefined : Date.now() - lostAt)
    catchUp = run
    queueMicrotask(() => {
      catchUp = undefined
      finish(run.count)
    })
  }

  subscription.on('subscribing', ({ code }) => {
    if (code === TRANSPORT_CLOSED) lostAt ??= Date.now()
    view.joined(false)
  })
  subscription.on('subscribed', ({ wasRecovering, recovered }) => {
    view.joined(true)
    if (wasRecovering && recovered && historyShown) beginCatchUp()
    else {
      if (wasRecovering && historyShown) view.gap()
      void loadHistory()
    }
    lostAt = undefined
    void people.refresh()
  })
  subscription.on('unsubscribed', ({ code, reason }) => {
    view.joined(false)
    view.problem(`The server ended this room for you: ${reason} (${code}).`)
  })
  subscription.on('publication', take)
  subscription.subscribe()

  return {
    /** Publishes; resolves when the cluster has the message. @param {unknown} data */
    publish: (data) => subscription.publish(data),
    leave() {
      people.stop()
      subscription.removeAllListeners()
      subscription.unsubscribe()
      client.removeSubscription(subscription)
    },
  }
}

/** What to show of a publication, which anyone with the server API may have made. @param {unknown} data */
function textOf(data) {
  if (typeof data === 'object' && data !== null && 'text' in data && typeof data.text === 'string')
    return data.text
  return JSON.stringify(data)
}

/** The SDK rejects with `{ code, message }`, which is no `Error`. @param {unknown} error */
export function reasonOf(error) {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message)
  return String(error)
}
