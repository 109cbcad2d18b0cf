/** The demo page in a real Chromium, against three nodes, Redis and nginx. */
import { startCluster, type TestCluster, waitFor } from '@skein/testkit'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { DEMO, freshRoom, twoPeople } from './two-people.ts'
import { Visitor } from './visitor.ts'

let cluster: TestCluster
let browser: Browser

beforeAll(async () => {
  ;[cluster, browser] = await Promise.all([startCluster({ nginx: true, env: DEMO }), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await cluster?.stop()
})

/** Where node `index` serves the page, or nginx. */
const pageOf = (index?: number): string =>
  `${index === undefined ? (cluster.nginx?.publicUrl ?? '') : cluster.node(index).publicUrl}/`

const enter = (name: string, room: string, node?: number): Promise<Visitor> =>
  Visitor.enter(browser, pageOf(node), name, room)

describe('two people on different nodes', () => {
  test('see each other, and each message once and in order', async () => {
    const [ada, bob] = await twoPeople(browser, cluster)
    await ada.reads('Bob came in')
    expect(await ada.people()).toEqual(['Ada', 'Bob'])
    await waitFor('Bob to see both', async () => (await bob.people()).join() === 'Ada,Bob')
    expect(await ada.status()).not.toBe(await bob.status())

    for (const text of ['one', 'two', 'three']) {
      await ada.say(text)
      await bob.sees(text)
      await bob.say(`${text} back`)
      await ada.sees(`${text} back`)
    }
    const talk = ['one', 'one back', 'two', 'two back', 'three', 'three back']
    expect(await ada.conversation()).toEqual(talk)
    expect(await bob.conversation()).toEqual(talk)
    expect(await ada.outgoing()).toEqual([])
  })

  test('one leaves the room and is gone from the list', async () => {
    const [ada, bob] = await twoPeople(browser, cluster)
    await ada.reads('Bob came in')
    await bob.press('Leave')
    await ada.reads('Bob left')
    expect(await ada.people()).toEqual(['Ada'])
  })
})

describe('what is shown', () => {
  test('script in a message is text, and runs nowhere', async () => {
    const [ada, bob] = await twoPeople(browser, cluster)
    const attack = '<script>alert(1)</script><img src=x onerror="alert(2)"><b>bold</b>'
    await ada.say(attack)
    await bob.sees(attack)
    expect(await bob.page.locator('#log script, #log img, #log b').count()).toBe(0)
  })

  test('the sender is whom the cluster knows, not whom the data claims', async () => {
    const [ada, bob, room] = await twoPeople(browser, cluster)
    const impostor = await cluster.client({ node: 2, user: 'Mallory' })
    const subscription = await impostor.subscribe(`room:${room}`)
    await subscription.publish({ text: 'it is me, Ada', name: 'Ada' })
    await bob.sees('it is me, Ada')
    expect(await bob.page.locator('#log .message .name').allTextContents()).toEqual(['Mallory'])
    await ada.sees('it is me, Ada')
  })

  test('a publication of another shape is shown as its JSON', async () => {
    const room = freshRoom()
    const ada = await enter('Ada', room, 0)
    await cluster.api('publish', { channel: `room:${room}`, data: { temperature: 21.5 } })
    await ada.sees('{"temperature":21.5}')
    await ada.reads('The server')
  })

  test('entering shows the last fifty messages, then live ones', async () => {
    const room = freshRoom()
    for (let i = 1; i <= 60; i++)
      await cluster.api('publish', { channel: `room:${room}`, data: { text: `old ${i}`, name: 'x' } })
    const ada = await enter('Ada', room, 0)
    await ada.sees('old 60')
    await ada.say('new')
    await ada.sees('new')
    const expected = [...Array.from({ length: 50 }, (_, i) => `old ${i + 11}`), 'new']
    expect(await ada.conversation()).toEqual(expected)
  })

  test('someone with two windows is there once, until the last one closes', async () => {
    const [ada, bob, room] = await twoPeople(browser, cluster)
    await ada.reads('Bob came in')
    const second = await enter('Bob', room, 2)
    await second.say('from my other window')
    await ada.sees('from my other window')
    expect(await ada.people()).toEqual(['Ada', 'Bob'])
    await bob.press('Leave')
    await second.say('still here')
    await ada.sees('still here')
    expect(await ada.people()).toEqual(['Ada', 'Bob'])
    await second.press('Leave')
    await ada.reads('Bob left')
  })
})

describe('entering', () => {
  test.each([
    ['a\u0007b', 'lobby', 'The name contains invisible or control characters.'],
    ['\u202eadA', 'lobby', 'The name contains invisible or control characters.'],
    ['   ', 'lobby', 'Please enter a name.'],
    ['x'.repeat(33), 'lobby', 'The name is longer than 32 characters.'],
    ['Ada', 'two words', 'A room has letters (a to z), digits, - and _ only.'],
    ['Ada', 'x'.repeat(65), 'The room is longer than 64 characters.'],
  ])('%j in %j is refused in plain words', async (name, room, problem) => {
    const visitor = await Visitor.open(browser, pageOf(0))
    await visitor.fill(name, room)
    await visitor.page.getByRole('alert').getByText(problem, { exact: true }).waitFor()
    expect(await visitor.page.locator('[aria-invalid=true]').count()).toBe(1)
    expect(await visitor.page.locator('#chat').isVisible()).toBe(false)
  })

  test('is remembered by this window; the address carries the room and nobody’s name', async () => {
    const room = freshRoom()
    const ada = await enter('Ada', room, 0)
    await ada.page.reload()
    await ada.inRoom('Ada')
    expect(ada.page.url()).toBe(`${pageOf(0)}#room=${room}`)
    const other = await Visitor.open(browser, ada.page.url())
    expect(await other.page.getByRole('textbox', { name: 'Room' }).inputValue()).toBe(room)
    expect(await other.page.getByLabel('Your name').inputValue()).toBe('')
  })

  test('without a token endpoint says what to do', async () => {
    const visitor = await Visitor.open(browser, pageOf(0), { expected: /status of 404/ })
    await visitor.page.route('**/demo/token', (route) => route.fulfill({ status: 404, body: '{}' }))
    await visitor.fill('Ada', freshRoom())
    await visitor.page.getByRole('heading', { name: 'This node gives out no demo tokens' }).waitFor()
    await visitor.reads('npm ci && npm start')
  })

  test.each(['Ada Lovelace', 'Çağla 🌱', '李小龙'])(
    'as %j works: a name is a user id in any script',
    async (name) => {
      const room = freshRoom()
      const visitor = await enter(name, room, 0)
      const bob = await enter('Bob', room, 1)
      await visitor.say('hello')
      await bob.sees('hello')
      expect(await bob.page.locator('#log .message .name').allTextContents()).toEqual([name])
      await waitFor('both to be listed', async () => (await bob.people()).length === 2)
      expect((await bob.people()).toSorted()).toEqual([name, 'Bob'].toSorted())
    },
  )

  test('works through nginx', async () => {
    const room = freshRoom()
    const ada = await enter('Ada', room)
    const bob = await enter('Bob', room, 1)
    await ada.say('through the front door')
    await bob.sees('through the front door')
  })
})
