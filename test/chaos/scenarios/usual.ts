/**
 * The load of most scenarios: several channels, both encodings, some official SDKs, publishers of both kinds.
 */
import type { Form, Load } from '../scenario.ts'

export function usual(form: Form): Load {
  const many = form === 'long'
  return {
    channels: many ? 20 : 4,
    groups: [
      { name: 'json', clients: many ? 300 : 24, channels: 2 },
      { name: 'protobuf', clients: many ? 100 : 8, channels: 2, encoding: 'protobuf' },
      { name: 'restless', clients: many ? 50 : 8, flap: { every: many ? 5000 : 1500, away: 200 } },
      { name: 'sdk', clients: many ? 12 : 3, sdk: true },
    ],
    publish: { bySocket: many ? 20 : 4, byApi: many ? 20 : 4, every: 200 },
  }
}
