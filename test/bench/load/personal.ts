/** Connections that also listen to the personal channel of their user. */
import type { Client } from './client.ts'
import { nextId } from './ids.ts'
import type { PersonalJob, Replies } from './messages.ts'

const TIMEOUT_MS = 30_000

export async function personal(job: PersonalJob, clients: readonly Client[]): Promise<Replies['personal']> {
  const count = Math.min(job.count, clients.length)
  const chosen = Array.from({ length: count }, (_, at) => clients[Math.floor((at * clients.length) / count)])
  let refused = 0
  for (const client of chosen) if (client !== undefined && !(await subscribed(client))) refused++
  return { users: chosen.flatMap((client) => (client === undefined ? [] : [client.identity.user])), refused }
}

function subscribed(client: Client): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), TIMEOUT_MS)
    client.onAck = (_client, _id, error) => {
      clearTimeout(late)
      client.onAck = undefined
      resolve(!error)
    }
    client.subscribe(`#${client.identity.user}`, nextId())
  })
}
