/**
 * A user of the chat app who was offline receives every missed message once, in order, with a correct count.
 */
import { startCluster, type TestCluster } from '@skein/testkit'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { DEMO, fresh } from './settings.ts'
import { CONNECTION_FAILED, Visitor, type VisitorOptions } from './visitor.ts'

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

interface Both {
  readonly ada: Visitor
  readonly bob: Visitor
  readonly adaName: string
  readonly bobName: string
  readonly room: string
}

/**
 * In a room and in a private conversation with each other. The options are for Ada's window; the pages for
 * both.
 */
async function two(options: VisitorOptions = {}, adaPage = 0, bobPage = 1): Promise<Both> {
  const [adaName, bobName, room] = [fresh('Ada'), fresh('Bob'), fresh('Room')]
  const page = (node: number): string => `${cluster.node(node).publicUrl}/`
  const [ada, bob] = await Promise.all([
    Visitor.enter(browser, page(adaPage), adaName, options),
    Visitor.enter(browser, page(bobPage), bobName),
  ])
  await ada.createRoom(room)
  await bob.joinRoom(room)
  await ada.reads(`${bobName} joined`)
  await bob.writeTo(adaName)
  await bob.say('before')
  await ada.pick(bobName)
  await ada.sees('before')
  await bob.has('before', 'read')
  return { ada, bob, adaName, bobName, room }
}

/** Bob, with the private conversation open, writes these there and in the room. */
async function speaks(bob: Visitor, { adaName, room }: Both, texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    await bob.say(text)
    await bob.has(text, 'sent')
  }
  await bob.pick(room)
  for (const text of texts) {
    await bob.say(`${text} in the room`)
    await bob.has(`${text} in the room`, 'sent')
  }
  await bob.pick(adaName)
}

const MISSED = ['missed 1', 'missed 2', 'missed 3']

describe('a user who was offline', () => {
  test('by the button: sends the written messages once, receives the missed ones in order and counted', async () => {
    const both = await two()
    const { ada, bob, bobName, room } = both
    await ada.choose('Your account and settings', 'Go offline')
    await ada.connection('off')
    await ada.say('written offline 1')
    await ada.say('written offline 2')
    await ada.has('written offline 2', 'queued')
    await ada.reads('2 messages wait to be sent.')
    await ada.page.locator('a.row', { hasText: 'Lobby' }).click()
    await speaks(bob, both, MISSED)
    await ada.press('Come back online')
    await ada.online()
    await ada.unread(bobName, 3)
    await ada.unread(room, 3)
    await ada.pick(bobName)
    await ada.has('written offline 2', 'read')
    const talk = ['before', ...MISSED, 'written offline 1', 'written offline 2']
    expect(await ada.texts()).toEqual(talk)
    expect(await bob.texts()).toEqual(talk)
    await ada.unread(bobName, 0)
    await bob.has('missed 3', 'read')
    await ada.pick(room)
    expect(await ada.texts()).toEqual(MISSED.map((text) => `${text} in the room`))
    await ada.unread(room, 0)
  })

  test('and closed the window: the next window sends the written messages', async () => {
    const { ada, bob, bobName } = await two()
    await ada.choose('Your account and settings', 'Go offline')
    await ada.say('kept')
    await ada.has('kept', 'queued')
    await ada.page.reload()
    await ada.online()
    await bob.sees('kept')
    await ada.opened(bobName)
    expect(await ada.texts()).toEqual(['before', 'kept'])
  })

  test('in one tab, and returns in another: each message is sent once, and both tabs show it', async () => {
    const { ada, bob, adaName, bobName } = await two()
    await ada.choose('Your account and settings', 'Go offline')
    await ada.say('of the first tab 1')
    await ada.say('of the first tab 2')
    await ada.has('of the first tab 2', 'queued')
    const second = await ada.another(adaName)
    await bob.sees('of the first tab 2')
    await second.pick(bobName)
    await ada.press('Come back online')
    await ada.online()
    await ada.has('of the first tab 2', 'read')
    await ada.say('the end')
    await bob.sees('the end')
    await second.sees('the end')
    const talk = ['before', 'of the first tab 1', 'of the first tab 2', 'the end']
    for (const window of [ada, bob, second]) expect(await window.texts()).toEqual(talk)
  })

  test('by a lost network: sees a notice, and receives all missed messages after the reconnect', async () => {
    const both = await two({ expected: CONNECTION_FAILED })
    const { ada, bob, room } = both
    await ada.page.context().setOffline(true)
    await ada.reads('This device has no network.')
    await ada.say('into the void')
    await ada.has('into the void', 'queued')
    await speaks(bob, both, MISSED)
    await ada.page.context().setOffline(false)
    await ada.online()
    await bob.sees('into the void')
    await ada.sees('missed 3')
    expect(await ada.texts()).toEqual(['before', ...MISSED, 'into the void'])
    await ada.unread(room, 3)
  })

  test('by the server closing the connection: reconnects and misses nothing', async () => {
    const { ada, bob, adaName } = await two({ expected: CONNECTION_FAILED })
    const user = adaName.toLowerCase().replaceAll(' ', '-')
    await cluster.api('disconnect', { user, disconnect: { code: 3001, reason: 'shutdown' } })
    await bob.say('meanwhile')
    await ada.sees('meanwhile')
    await ada.online()
    expect(await ada.texts()).toEqual(['before', 'meanwhile'])
  })
})

/** The last test of this file: it kills one of the two nodes. */
test('a conversation goes on while the node of one of them is killed: all messages once, in order, counted', async () => {
  const front = `${cluster.nginx?.publicUrl}/`
  const [adaName, bobName, room] = [fresh('Ada'), fresh('Bob'), fresh('Room')]
  const ada = await Visitor.enter(browser, front, adaName, { expected: CONNECTION_FAILED })
  const home = await ada.node()
  const dies = cluster.nodes.findIndex(({ name }) => name === home)
  expect(dies).not.toBe(-1)
  const stays = 1 - dies
  const bob = await Visitor.enter(browser, `${cluster.node(stays).publicUrl}/`, bobName)
  await ada.createRoom(room)
  await bob.joinRoom(room)
  await bob.writeTo(adaName)
  await bob.say('before')
  await ada.pick(bobName)
  await ada.sees('before')
  await ada.say('first')
  await bob.sees('first')
  cluster.node(dies).kill('SIGKILL')
  await ada.say('while it dies')
  await bob.say('meanwhile')
  await bob.has('meanwhile', 'sent')
  await bob.pick(room)
  await bob.say('in the room')
  await bob.has('in the room', 'sent')
  await bob.pick(adaName)
  await ada.sees('meanwhile')
  await bob.sees('while it dies')
  await ada.online()
  expect(await ada.node()).toBe(cluster.node(stays).name)
  await ada.unread(room, 1)
  await ada.has('while it dies', 'read')
  const talk = await ada.texts()
  expect(talk).toEqual(await bob.texts())
  expect(talk.toSorted()).toEqual(['before', 'first', 'meanwhile', 'while it dies'])
})
