/**
 * A connection for keys of a slot that is being moved: the server that takes them over serves a command only behind ASKING.
 * Putting it in front of everything that is written, handshake and resent scripts included, is what keeps the two together.
 */
import { Command } from 'ioredis'
import type { Link } from '../server/link.ts'

export function askingOf(link: Link): Link {
  const { client } = link
  const send = client.sendCommand.bind(client)
  client.sendCommand = (command, stream) => {
    if (client.status === 'ready') {
      const asking = new Command('asking', [], {})
      asking.promise.catch(() => undefined) // It fails with its connection, and so does the command behind it.
      send(asking, stream)
    }
    return send(command, stream)
  }
  return link
}
