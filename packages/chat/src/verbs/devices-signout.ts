import Type from 'typebox'
import { signOut } from '../people/devices.ts'
import { verb } from '../rpc/verb.ts'
import { DeviceId, Empty, object } from '../schema.ts'

export const DEVICES_SIGNOUT = verb({
  method: 'chat.devices.signout',
  summary: 'Ends the connections of a device, or of all but this one, with 4501.',
  request: object({ device: Type.Optional(DeviceId) }),
  reply: Empty,
  handle: async (chat, caller, { device }) => {
    await signOut(chat, caller, device)
    return {}
  },
})
