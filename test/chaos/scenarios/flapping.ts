/**
 * The published benchmark: clients lose their sockets without a close frame every 15 s, for 2 s, under a
 * steady load.
 */
import type { Form, Scenario } from '../scenario.ts'

/** As in anycable/nodejs-websocket-bench, whose 10,000 clients run here in four processes. */
const CLIENTS: Readonly<Record<Form, number>> = { short: 50, long: 2500 }

export const flapping: Scenario = {
  name: 'flapping',
  about: 'clients are cut without a close frame every 15 s for 2 s, while 2 messages a second go on',
  seconds: { short: 5, long: 160 },
  world: () => ({ nginx: 'ip-hash' }),
  load: (form) => ({
    channels: 1,
    processes: form === 'long' ? 4 : 1,
    ramp: form === 'long' ? 20_000 : 500,
    groups: [
      {
        name: 'flapping',
        clients: CLIENTS[form],
        flap: form === 'long' ? { every: 15_000, away: 2000 } : { every: 1500, away: 300 },
      },
      { name: 'sdk', clients: form === 'long' ? 10 : 3, sdk: true, flap: { every: 3000, away: 500 } },
    ],
    // Two a second in all.
    publish: form === 'long' ? { byApi: 1, every: 2000 } : { byApi: 1, bySocket: 1, every: 100 },
  }),
  disturb: async () => undefined,
}
