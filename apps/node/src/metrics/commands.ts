/** Commands of clients, at their reply. */
import type { Events } from '@skein/core'
import type { Registry } from 'prom-client'
import { Durations } from './durations.ts'
import { errorLabel } from './labels.ts'
import { Tally } from './tally.ts'

export function countCommands(registry: Registry, events: Events): void {
  const commands = new Tally(
    registry,
    'skein_commands_total',
    'Replies to commands, by verb and error code; 0: no error.',
    ['verb', 'error'],
  )
  const seconds = new Durations(
    registry,
    'skein_command_seconds',
    'Time from a command to its reply.',
    'verb',
  )
  events.on('commandHandled', ({ verb, error, ms }) => {
    commands.add([verb, errorLabel(error)])
    seconds.add(verb, ms / 1000)
  })
}
