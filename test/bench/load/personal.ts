/** Random users; the server has subscribed each of their connections to `#user`. */
import type { Client } from './client.ts'
import type { PersonalJob, Replies } from './messages.ts'

export function personal({ count }: PersonalJob, clients: readonly Client[]): Replies['personal'] {
  const alive = clients.filter(({ state }) => state === 'joined')
  // The first steps of a Fisher-Yates shuffle: no user twice.
  for (let at = 0; at < Math.min(count, alive.length); at++) {
    const other = at + Math.floor(Math.random() * (alive.length - at))
    const [one, two] = [alive[at], alive[other]]
    if (one !== undefined && two !== undefined) [alive[at], alive[other]] = [two, one]
  }
  return { users: alive.slice(0, count).map(({ identity }) => identity.user) }
}
