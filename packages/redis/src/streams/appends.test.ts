import { Unavailable } from '@skein/core'
import { envelope } from '@skein/testkit/contracts'
import { expect, test } from 'vitest'
import { Keys } from '../keys.ts'
import type { Client } from '../scripts.ts'
import type { Commands } from '../server/commands.ts'
import type { Link } from '../server/link.ts'
import { resolveSettings } from '../server/settings.ts'
import { StreamAppends } from './appends.ts'
import { Epochs } from './epochs.ts'

test('if the witness cannot be read, publications that need it fail, and others succeed', async () => {
  const witnesses: unknown[] = []
  const client = {
    publishStreams: async (...args: unknown[]) => {
      witnesses.push(args[10])
      return [1, 'epoch', -1, 'FORMERLIFE of this server']
    },
  } as unknown as Client
  const link = { witness: 'life', refresh: () => Promise.reject(new Error('INFO went unanswered')) }
  const commands = {
    reserve: () => undefined,
    release: () => undefined,
    run: (_what: string, _key: string, call: (client: Client, link: Link) => unknown) =>
      call(client, link as unknown as Link),
  } as unknown as Commands
  const settings = resolveSettings({ url: 'redis://127.0.0.1:1', name: 'a' })
  const appends = new StreamAppends(settings, commands, new Keys('skein'), new Epochs())
  const options = { historySize: 10, historyTtl: 60, metaTtl: 120 }
  const [a, b] = await Promise.allSettled([
    appends.append('room:a', envelope(1), options),
    appends.append('room:b', envelope(2), options),
  ])
  expect(a).toMatchObject({ status: 'fulfilled', value: { offset: 1, epoch: 'epoch' } })
  const refused = b?.status === 'rejected' ? b.reason : undefined
  expect(refused).toBeInstanceOf(Unavailable)
  expect(String(refused)).toContain('Redis did not publish: INFO went unanswered')
  expect(witnesses).toEqual(['life'])
})
