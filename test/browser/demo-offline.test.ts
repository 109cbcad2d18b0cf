/** Someone in the demo page who was offline, for whatever reason, sees what was missed: once, in order, and marked. */
import { startCluster, type TestCluster } from '@skein/testkit'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { DEMO, freshRoom, twoPeople } from './two-people.ts'
import { CONNECTION_FAILED, Visitor } from './visitor.ts'

let cluster: TestCluster
let browser: Browser

beforeAll(async () => {
  ;[cluster, browser] = await Promise.all([
    startCluster({ nodes: 2, nginx: true, env: DEMO }),
    launchBrowser(),
  ])
})
afterAll(async () => {
  await browser?.close()
  await cluster?.stop()
})

async function caughtUp(visitor: Visitor, count: number): Promise<void> {
  await visitor.reads(new RegExp(`You were offline for \\d+ s, ${count} messages caught up`))
}

/** The conversation, with the offline time of its marks taken out. */
async function spoken(visitor: Visitor): Promise<string[]> {
  return (await visitor.conversation()).map((line) => line.replace(/ for \d+ s/, ''))
}

describe('someone who was offline', () => {
  test('by the button: catches up in order and once, behind a mark; what could not be sent can be sent again', async () => {
    const [ada, bob] = await twoPeople(browser, cluster)
    await bob.say('before')
    await ada.sees('before')
    await ada.press('Go offline')
    await ada.state('unplugged')
    await bob.reads('Ada left')
    await ada.say('can you hear me?')
    await ada.reads('Not sent: you were offline')
    for (const text of ['missed 1', 'missed 2', 'missed 3']) {
      await bob.say(text)
      await bob.sees(text)
    }
    await ada.press('Come back')
    await caughtUp(ada, 3)
    await ada.press('Send again')
    await bob.sees('can you hear me?')
    await bob.say('yes')
    await ada.sees('yes')
    const heard = ['missed 1', 'missed 2', 'missed 3', 'can you hear me?', 'yes']
    expect(await spoken(ada)).toEqual(['before', 'You were offline, 3 messages caught up', ...heard])
    expect(await bob.conversation()).toEqual(['before', ...heard])
    expect(await ada.outgoing()).toEqual([])
  })

  test('by a lost network: the wait is shown, and everything is caught up when it is back', async () => {
    const [ada, bob] = await twoPeople(browser, cluster, { expected: CONNECTION_FAILED })
    await bob.say('before')
    await ada.sees('before')
    await ada.page.context().setOffline(true)
    await ada.reads(/Offline, reconnecting/)
    await ada.reads(/in \d+ s/)
    for (const text of ['missed 1', 'missed 2']) {
      await bob.say(text)
      await bob.sees(text)
    }
    await ada.page.context().setOffline(false)
    await caughtUp(ada, 2)
    await bob.say('after')
    await ada.sees('after')
    expect(await spoken(ada)).toEqual([
      'before',
      'You were offline, 2 messages caught up',
      'missed 1',
      'missed 2',
      'after',
    ])
  })

  test('by the server closing the connection: comes back by itself and misses nothing', async () => {
    const [ada, bob, room] = await twoPeople(browser, cluster, { expected: CONNECTION_FAILED })
    await bob.say('before')
    await ada.sees('before')
    await ada.page.evaluate(() => {
      const noteCut = (): void => document.body.setAttribute('data-cut', 'yes')
      new MutationObserver(noteCut).observe(document.querySelector('#status') ?? document.body, {
        attributes: true,
      })
    })
    await cluster.api('disconnect', { user: 'Ada', disconnect: { code: 3001, reason: 'shutdown' } })
    await ada.page.locator('body[data-cut]').waitFor()
    await cluster.api('publish', { channel: `room:${room}`, data: { text: 'meanwhile', name: 'x' } })
    await ada.sees('meanwhile')
    await ada.state('connected')
    await bob.say('after')
    await ada.sees('after')
    const texts = (await ada.conversation()).filter((line) => !line.startsWith('You were offline'))
    expect(texts).toEqual(['before', 'meanwhile', 'after'])
  })
})

/** The last test of this file: it takes one of the two nodes away. */
test('when the node behind nginx dies, its people come back on another one and miss nothing', async () => {
  const room = freshRoom()
  const front = `${cluster.nginx?.publicUrl}/`
  const ada = await Visitor.enter(browser, front, 'Ada', room, { expected: CONNECTION_FAILED })
  const status = await ada.status()
  const home = cluster.nodes.findIndex(({ name }) => status === `Connected to ${name}`)
  expect(home).not.toBe(-1)
  const other = 1 - home
  await cluster.api('publish', { channel: `room:${room}`, data: { text: 'before', name: 'x' } }, other)
  await ada.sees('before')
  cluster.node(home).kill('SIGKILL')
  await cluster.node(home).exited
  await cluster.api('publish', { channel: `room:${room}`, data: { text: 'meanwhile', name: 'x' } }, other)
  await ada.sees('meanwhile')
  expect(await ada.status()).toBe(`Connected to ${cluster.node(other).name}`)
  const texts = (await ada.conversation()).filter((line) => !line.startsWith('You were offline'))
  expect(texts).toEqual(['before', 'meanwhile'])
})
