// @ts-check
/** The room's page: puts connection, room, log and composer together for as long as someone is in. */
import { createComposer } from './composer.js'
import { openConnection } from './connection.js'
import { avatar, byId, make, nameOf } from './dom.js'
import { createLog } from './log.js'
import { createOutgoing } from './outgoing.js'
import { addressOf } from './place.js'
import { enterRoom } from './room.js'
import { createStatus } from './status.js'
import { fetchToken, NameRefused, NoTokens } from './token.js'

/**
 * Enters `room` as `name`. `onRefused` hears when no token can be had for good. Returns the way out.
 *
 * @param {{ name: string, room: string, onRefused: (error: Error) => void }} options
 */
export function openChat({ name, room, onRefused }) {
  const status = createStatus(statusElements())
  const connection = openConnection({ getToken: () => tokenFor(name, onRefused), onState: status.show })
  const log = createLog(logElements(), name)
  let joined = false

  const outgoing = createOutgoing(byId('outgoing', HTMLOListElement), {
    publish: (text) => place.publish({ text, name }),
    client: () => (joined ? (connectionId ?? '') : undefined),
    changed: log.settle,
    idle: () => byId('message', HTMLTextAreaElement).focus(),
  })
  /** @type {string | undefined} */
  let connectionId
  connection.client.on('connected', ({ client }) => {
    connectionId = client
  })

  const place = enterRoom(connection.client, room, {
    message(message) {
      outgoing.arrived(message)
      log.message(message)
    },
    caughtUp(offlineMs) {
      const entry = log.mark('caught-up')
      return (count) => {
        entry.textContent = caughtUpWords(offlineMs, count)
        log.settle()
      }
    },
    gap: () =>
      log.mark('gap', 'You were offline for too long to catch up on everything. The latest messages:'),
    loading: log.loading,
    problem: (text) => log.mark('gap', text),
    entered: (earlier) => earlier > 0 && log.mark('movement', 'You came in'),
    joined(now) {
      joined = now
      showStale(!now)
    },
    present: (users) => showPeople(users, name),
    came: (user) => user !== name && log.movement(user, 'came in'),
    left: (user) => user !== name && log.movement(user, 'left'),
  })

  const composer = createComposer((text) => {
    outgoing.send(text)
    log.toEnd()
  })
  const stopButtons = wireButtons(connection)
  byId('room-name', HTMLElement).textContent = room
  byId('second-window', HTMLAnchorElement).href = addressOf(room)
  document.title = `${room} · Skein demo`
  showPeople([], name)

  return () => {
    stopButtons()
    composer.stop()
    place.leave()
    connection.close()
    status.stop()
    outgoing.clear()
    log.stop()
  }
}

/** @param {string} name @param {(error: Error) => void} onRefused */
async function tokenFor(name, onRefused) {
  try {
    return await fetchToken(name)
  } catch (error) {
    if (!(error instanceof NoTokens || error instanceof NameRefused)) throw error
    onRefused(error)
    throw new Centrifuge.UnauthorizedError(error.message) // the SDK's way to hear "do not try again"
  }
}

/** @param {number | undefined} offlineMs @param {number} count */
function caughtUpWords(offlineMs, count) {
  const caught = `${count === 0 ? 'nothing was missed' : `${count} ${count === 1 ? 'message' : 'messages'} caught up`}`
  if (offlineMs === undefined) return `The stream was repaired, ${caught}`
  return `You were offline for ${Math.max(1, Math.round(offlineMs / 1000))} s, ${caught}`
}

/** @param {readonly string[]} users @param {string} me */
function showPeople(users, me) {
  byId('people-count', HTMLElement).textContent = String(users.length)
  byId('people', HTMLUListElement).replaceChildren(
    ...users.map((user) => {
      const entry = make('li', 'person')
      entry.append(avatar(user), nameOf(user))
      if (user === me) entry.append(make('span', 'you', 'you'))
      return entry
    }),
  )
}

/** While the connection is gone, the list is what was last known. @param {boolean} stale */
function showStale(stale) {
  byId('people-box', HTMLElement).setAttribute('data-stale', String(stale))
  byId('people-title', HTMLElement).textContent = stale ? 'Last seen here' : 'Here now'
}

/** @param {ReturnType<typeof openConnection>} connection */
function wireButtons(connection) {
  const wiring = new AbortController()
  const { signal } = wiring
  byId('toggle-offline', HTMLButtonElement).addEventListener(
    'click',
    () => (connection.client.state === 'disconnected' ? connection.plugIn() : connection.unplug()),
    { signal },
  )
  byId('retry-now', HTMLButtonElement).addEventListener('click', connection.tryNow, { signal })
  return () => wiring.abort()
}

function statusElements() {
  return {
    status: byId('status', HTMLElement),
    text: byId('status-text', HTMLElement),
    countdown: byId('status-countdown', HTMLElement),
    live: byId('status-live', HTMLElement),
    retryNow: byId('retry-now', HTMLButtonElement),
    toggle: byId('toggle-offline', HTMLButtonElement),
  }
}

function logElements() {
  return {
    list: byId('log', HTMLOListElement),
    region: byId('log-region', HTMLElement),
    scroller: byId('scroller', HTMLElement),
    jump: byId('jump', HTMLButtonElement),
    empty: byId('empty', HTMLElement),
  }
}
