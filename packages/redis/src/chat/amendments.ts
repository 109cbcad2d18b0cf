import type { AmendmentRecord, Amendments } from '@skein/chat'
import type { Calls } from './calls.ts'

export function redisAmendments({ keys, run }: Calls): Amendments {
  return {
    async read(conversation, offsets) {
      if (offsets.length === 0) return []
      const texts = await run('read amendments', keys.amendments(conversation), (client) =>
        client.hmget(keys.amendments(conversation), ...offsets.map(String)),
      )
      return texts.map(parse)
    },
    async write(conversation, offset, { version, state }, expected, ttl) {
      const written = await run('amend', keys.amendments(conversation), (client) =>
        client.amend(keys.amendments(conversation), offset, expected, `${version} ${state}`, ttl),
      )
      return written === 1
    },
    async keep(conversation, ttl) {
      await run('keep amendments', keys.amendments(conversation), (client) =>
        client.expire(keys.amendments(conversation), ttl),
      )
    },
    async trim(conversation, before) {
      await run('trim amendments', keys.amendments(conversation), (client) =>
        client.amendTrim(keys.amendments(conversation), before),
      )
    },
  }
}

function parse(text: string | null): AmendmentRecord | undefined {
  if (text === null) return undefined
  const space = text.indexOf(' ')
  return { version: Number(text.slice(0, space)), state: text.slice(space + 1) }
}
