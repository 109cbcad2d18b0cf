import { pause, startRedis } from '@skein/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { Commands } from '../server/commands.ts'
import { resolveSettings } from '../server/settings.ts'
import { createRoutes } from '../slots/create-routes.ts'
import { callsOver } from './calls.ts'
import { redisEventStream } from './events.ts'
import { ChatKeys } from './keys.ts'
import { withChatScripts } from './scripts.ts'

test('idle consumers are removed unless they have pending entries', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const settings = resolveSettings({ url: redis.url, prefix: 'p', name: 'n' }, withChatScripts)
  const commands = new Commands(settings, createRoutes(settings))
  onTestFinished(() => commands.close())
  const keys = new ChatKeys('p')
  const stream = redisEventStream(callsOver(commands, keys), 500)
  const consumers = async (): Promise<string> => redis.command('XINFO', 'CONSUMERS', keys.events, 'g')

  await stream.open('g')
  await stream.append('1')
  await stream.append('2')
  const [done] = await stream.read('g', 'gone', 1)
  await stream.ack('g', done?.id ?? '')
  const [held] = await stream.read('g', 'holds', 1)
  await pause(600)
  await stream.append('3')
  const [taken] = await stream.read('g', 'lives', 1)
  await stream.ack('g', taken?.id ?? '')
  await stream.open('g')
  expect(await consumers()).not.toContain('gone')
  expect(await consumers()).toContain('holds')
  expect(await consumers()).toContain('lives')
  expect(await stream.claim('g', 'lives', held?.id ?? '', 0)).toEqual(held)
})
