/** `skein publish`: sends one publication through the server API. */
import { type Command, text, UsageError } from '../command.ts'
import { API_OPTION, apiTarget, callApi } from '../server-api.ts'
import { PORT_OPTION } from '../target.ts'

export const publish: Command = {
  name: 'publish',
  words: 'CHANNEL DATA',
  summary: 'Publishes to a channel through the server API.',
  options: {
    api: API_OPTION,
    key: {
      type: 'string',
      value: 'ID',
      text: 'Idempotency key: a second publish with the same key delivers nothing.',
    },
    port: PORT_OPTION,
  },
  notes:
    'DATA is JSON; any other text is sent as a string. With --api the key comes from SKEIN_API_KEY.\nPrints offset and epoch of the publication.',
  async run(call, io) {
    const [channel, data, ...extra] = call.words
    if (channel === undefined || data === undefined || extra.length > 0) {
      throw new UsageError(
        'publish takes CHANNEL and DATA: skein publish CHANNEL DATA (quote DATA if it has spaces)',
      )
    }
    const key = text(call, 'key')
    const request = { channel, data: dataOf(data), ...(key !== undefined && { idempotency_key: key }) }
    io.out(JSON.stringify(await callApi(apiTarget(call, io.env), 'publish', request)))
    return 0
  },
}

export function dataOf(written: string): unknown {
  try {
    return JSON.parse(written) as unknown
  } catch {
    // Plain text is sent as a JSON string.
    return written
  }
}
