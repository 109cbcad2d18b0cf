// @ts-check
/** Who is in the room, by user: however many windows someone has open, they are there once. */

/** Join and leave may be lost with a connection, so the list is asked again this often (ms). */
const REFRESH = 30_000

/**
 * @param {import('centrifuge').Subscription} subscription
 * @param {Pick<import('./room.js').RoomView, 'present' | 'came' | 'left'>} view
 */
export function createPeople(subscription, view) {
  /** @type {Set<string>} */
  let users = new Set()
  let changes = 0

  const tell = () => view.present([...users].sort((a, b) => a.localeCompare(b)))

  const refresh = async () => {
    if (subscription.state !== 'subscribed') return
    const before = changes
    try {
      const { clients } = await subscription.presence()
      if (before !== changes) return refresh() // someone came or went meanwhile: the answer may be older than that
      users = new Set(Object.values(clients).map(({ user }) => user))
      tell()
    } catch (error) {
      // The list stays as it was: the next refresh or subscription asks again.
      console.info('presence not available', error)
    }
  }

  subscription.on('join', ({ info }) => {
    changes++
    if (users.has(info.user)) return
    users.add(info.user)
    tell()
    view.came(info.user)
  })
  subscription.on('leave', ({ info }) => {
    changes++
    if (!users.delete(info.user)) return
    tell()
    view.left(info.user)
  })
  const timer = setInterval(refresh, REFRESH)

  return {
    refresh,
    stop: () => clearInterval(timer),
  }
}
