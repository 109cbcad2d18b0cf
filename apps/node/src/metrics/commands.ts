/** Commands of clients, as they are answered. */
import type { Events } from '@skein/core'
import { Histogram, type Registry } from 'prom-client'
import { SECONDS } from './buckets.ts'
import { errorLabel } from './labels.ts'
import { Tally } from './tally.ts'

export function countCommands(registry: Registry, events: Events): void {
  const commands = new Tally(
    registry,
    'skein_commands_total',
    'Commands answered, by verb and error code; 0: no error.',
    ['verb', 'error'],
  )
  const seconds = new Histogram({
    name: 'skein_command_seconds',
    help: 'From a command to its answer.',
    labelNames: ['verb'],
    buckets: SECONDS,
    registers: [registry],
  })
  events.on('commandHandled', ({ verb, error, ms }) => {
    commands.add(`${verb}\n${errorLabel(error)}`)
    seconds.observe({ verb }, ms / 1000)
  })
}
