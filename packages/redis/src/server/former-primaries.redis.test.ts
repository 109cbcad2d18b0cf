import { startRedis, waitFor } from '@skein/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { settle } from '../options.ts'
import { Link } from './link.ts'

test('a server that was primary until a moment ago is not taken for one, until it is named again', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const settings = settle({ url: redis.url, name: 'node', timing: { connect: 500 } })
  const [here, elsewhere] = [
    { host: '127.0.0.1', port: redis.port },
    { host: '127.0.0.1', port: 1 },
  ]
  settings.former.replaced(here, elsewhere)
  const link = new Link(settings, 'commands')
  onTestFinished(() => link.ready.close())
  await expect(link.ready.wait('answer')).rejects.toThrow(/was the primary until a moment ago/)
  settings.former.replaced(elsewhere, here)
  await waitFor('the link', () => link.ready.up)
})
