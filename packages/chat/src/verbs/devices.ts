import Type from 'typebox'
import { listDevices } from '../people/devices.ts'
import { verb } from '../rpc/verb.ts'
import { Empty, object, Time } from '../schema.ts'

export const DEVICES = verb({
  method: 'chat.devices',
  summary: 'The devices from which the user connected.',
  request: Empty,
  reply: object({
    devices: Type.Array(
      object({
        device: Type.String(),
        name: Type.String(),
        connected: Type.Boolean(),
        lastSeen: Time,
        current: Type.Boolean(),
      }),
    ),
  }),
  handle: async (chat, caller) => ({ devices: await listDevices(chat, caller) }),
})
