import { startRedis, waitFor } from '@skein/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { Link } from './link.ts'
import { resolveSettings } from './settings.ts'

test('a former primary is refused until it is named again', async () => {
  const redis = await startRedis()
  onTestFinished(() => redis.stop())
  const settings = resolveSettings({ url: redis.url, name: 'node', timing: { connect: 500 } })
  const [here, elsewhere] = [
    { host: '127.0.0.1', port: redis.port },
    { host: '127.0.0.1', port: 1 },
  ]
  settings.formerPrimaries.replaced(here, elsewhere)
  const link = new Link(settings, 'commands')
  onTestFinished(() => link.readiness.close())
  await expect(link.readiness.whenReady('answer')).rejects.toThrow(/was the primary until a recent failover/)
  settings.formerPrimaries.replaced(elsewhere, here)
  await waitFor('the link', () => link.readiness.isReady)
})
