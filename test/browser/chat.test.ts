/**
 * The chat app in a real Chromium, against two nodes, Redis and nginx: two people in two windows on two
 * nodes.
 */
import { randomUUID } from 'node:crypto'
import { ChatClient } from '@skein/client'
import { startCluster, type TestCluster, waitFor } from '@skein/testkit'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { DEMO, fresh } from './settings.ts'
import { Visitor } from './visitor.ts'

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

const pageOf = (node?: number): string =>
  `${node === undefined ? (cluster.nginx?.publicUrl ?? '') : cluster.node(node).publicUrl}/`

const enter = (name: string, node: number): Promise<Visitor> => Visitor.enter(browser, pageOf(node), name)

/** A chat client without a window. */
async function someone(): Promise<ChatClient> {
  const user = randomUUID()
  const token = cluster.token({ sub: user })
  const client = new ChatClient({ url: cluster.wsUrl(0), user, getToken: async () => token })
  onTestFinished(() => client.disconnect())
  client.connect()
  await waitFor('the client to be online', async () => client.connection.get().state === 'online')
  return client
}

/**
 * Writes m0, m1, … in the room that is open in this window, by six people: the rate limit applies to each.
 */
async function fill(visitor: Visitor, count: number): Promise<void> {
  const id = decodeURIComponent(new URL(visitor.page.url()).hash).replace('#/c/chat:', '')
  const crowd = await Promise.all(Array.from({ length: 6 }, () => someone()))
  for (const client of crowd) await client.rooms.join(id)
  for (let at = 0; at < count; at++) {
    const request = { to: { room: id }, body: `m${at}`, clientId: `c${at}` }
    await crowd[at % crowd.length]?.call('chat.send', request)
  }
}

interface Pair {
  readonly ada: Visitor
  readonly bob: Visitor
  readonly adaName: string
  readonly bobName: string
}

/** Ada on the first node, Bob on the second. */
async function pair(): Promise<Pair> {
  const [adaName, bobName] = [fresh('Ada'), fresh('Bob')]
  const [ada, bob] = await Promise.all([enter(adaName, 0), enter(bobName, 1)])
  return { ada, bob, adaName, bobName }
}

/** Both in a room of their own, open in both windows. */
async function inOneRoom(): Promise<Pair & { readonly room: string }> {
  const both = await pair()
  const room = fresh('Room')
  await both.ada.createRoom(room)
  await both.bob.joinRoom(room)
  await both.ada.reads(`${both.bobName} joined`)
  return { ...both, room }
}

describe('a newcomer', () => {
  test('signs in with a name, and is in the lobby with the others', async () => {
    const { ada, bob } = await pair()
    await ada.opened('Lobby')
    await bob.opened('Lobby')
    expect(await ada.node()).not.toBe(await bob.node())
    const [question, answer] = [fresh('Hello?'), fresh('Hi!')]
    await ada.say(question)
    await bob.sees(question)
    await bob.say(answer)
    await ada.sees(answer)
  })

  test('is remembered by this window, not by others; the open conversation is open after a reload', async () => {
    const { ada, room } = await inOneRoom()
    await ada.page.reload()
    await ada.online()
    await ada.opened(room)
    const other = await Visitor.open(browser, pageOf(0))
    expect(await other.page.getByLabel('Your name').inputValue()).toBe('')
  })

  test.each([
    ['a\u0007b', 'The name contains invisible or control characters.'],
    ['\u202eadA', 'The name contains invisible or control characters.'],
    ['   ', 'Please enter a name.'],
    ['x'.repeat(33), 'The name is longer than 32 characters.'],
  ])('called %j is rejected with a plain message', async (name, problem) => {
    const visitor = await Visitor.open(browser, pageOf(0))
    await visitor.signIn(name)
    await visitor.reads(problem)
    expect(await visitor.page.locator('[aria-invalid=true]').count()).toBe(1)
    expect(await visitor.page.locator('.shell').count()).toBe(0)
  })

  test.each(['Ada Lovelace', 'Çağla 🌱', '李小龙', '龙'.repeat(32)])(
    'called %j is called so by others, in any script',
    async (name) => {
      const [visitor, bob] = await Promise.all([enter(name, 0), enter(fresh('Bob'), 1)])
      const room = fresh('Room')
      await visitor.createRoom(room)
      await bob.joinRoom(room)
      await visitor.say('hello')
      await bob.sees('hello')
      expect(await bob.page.locator('.messageName').allTextContents()).toEqual([name])
    },
  )

  test('gets a notice from a server without demo tokens', async () => {
    const visitor = await Visitor.open(browser, pageOf(0), { expected: /status of 404/ })
    await visitor.page.route('**/demo/token', (route) => route.fulfill({ status: 404, body: '{}' }))
    await visitor.signIn('Ada')
    await visitor.reads('This server gives out no demo tokens.')
    await visitor.reads('npm ci && npm start')
  })

  test('connects through nginx', async () => {
    const visitor = await Visitor.enter(browser, pageOf(), fresh('Ada'))
    await visitor.opened('Lobby')
    await visitor.say('through the front door')
    await visitor.sees('through the front door')
  })
})

describe('two people on different nodes', () => {
  test('talk in private: presence, typing, and each message from sent to read', async () => {
    const { ada, bob, adaName, bobName } = await pair()
    await ada.writeTo(bobName)
    await ada.page.locator('.paneSub').getByText('online').waitFor()
    await ada.say('are you there?')
    await bob.unread(adaName, 1)
    await ada.has('are you there?', 'delivered')
    await bob.pick(adaName)
    await bob.unread(adaName, 0)
    await ada.has('are you there?', 'read')
    await bob.page.getByRole('textbox', { name: 'Message' }).pressSequentially('I am')
    await ada.page.locator('.paneSub').getByText(`${bobName} is typing…`).waitFor()
    await bob.say('I am')
    await ada.sees('I am')
    await bob.has('I am', 'read')
    await bob.page.close()
    await ada.page
      .locator('.paneSub')
      .getByText(/connection lost|last seen/)
      .waitFor()
  })

  test('see each message of a room once and in order', async () => {
    const { ada, bob } = await inOneRoom()
    for (const text of ['one', 'two', 'three']) {
      await ada.say(text)
      await bob.sees(text)
      await bob.say(`${text} back`)
      await ada.sees(`${text} back`)
    }
    const talk = ['one', 'one back', 'two', 'two back', 'three', 'three back']
    expect(await ada.texts()).toEqual(talk)
    expect(await bob.texts()).toEqual(talk)
    await ada.has('three', 'read')
  })

  test('reply, react, edit and delete, and a latecomer sees the outcome', async () => {
    const { ada, bob, room, bobName } = await inOneRoom()
    await ada.say('a questoin')
    await bob.sees('a questoin')
    await ada.act('a questoin', 'More')
    await ada.page.getByRole('menuitem', { name: 'Edit' }).click()
    await ada.say('a question')
    await bob.sees('a question')
    await bob.message('a question').getByText('edited').waitFor()
    await bob.act('a question', 'Reply')
    await bob.say('an answer')
    await ada.message('an answer').locator('.quote').getByText('a question').waitFor()
    await ada.act('an answer', 'Add a reaction')
    await ada.page.getByRole('button', { name: '🎉', exact: true }).click()
    await bob.message('an answer').locator('.reaction').getByText('🎉').waitFor()
    await bob.say('a slip')
    await bob.has('a slip', 'read')
    await bob.act('a slip', 'More')
    await bob.page.getByRole('menuitem', { name: 'Delete for everyone' }).click()
    await ada.sees('This message was deleted')
    await ada.row(room).getByText(`${bobName}: This message was deleted`).waitFor()
    const eve = await enter(fresh('Eve'), 0)
    await eve.joinRoom(room)
    expect(await eve.texts()).toEqual(['a question', 'an answer', 'This message was deleted'])
    await eve.message('an answer').locator('.reaction').getByText('🎉').waitFor()
  })

  test('a message deleted for one user stays with the others', async () => {
    const { ada, bob } = await inOneRoom()
    await ada.say('keep')
    await ada.say('hide')
    await bob.sees('hide')
    await bob.act('hide', 'More')
    await bob.page.getByRole('menuitem', { name: 'Delete for me' }).click()
    await waitFor('it to go', async () => (await bob.texts()).join() === 'keep')
    expect(await ada.texts()).toEqual(['keep', 'hide'])
  })

  test('a mention is marked in the list and in the text', async () => {
    const { ada, bob, room, bobName } = await inOneRoom()
    await bob.page.goto(`${pageOf(1)}#/`)
    await ada.page.getByRole('textbox', { name: 'Message' }).pressSequentially('hi @bob')
    await ada.page.locator('.suggestions button').getByText(bobName, { exact: true }).click()
    await ada.page.keyboard.press('Enter')
    await bob.row(room).getByRole('img', { name: 'you are mentioned' }).waitFor()
    await bob.pick(room)
    await bob.page.locator('.mention[data-me=true]').waitFor()
  })

  test('an invited user joins a closed room by the notice, and is removed', async () => {
    const { ada, bob, bobName } = await pair()
    const room = fresh('Closed')
    await ada.choose('New conversation', 'Create a room')
    await ada.page.getByLabel('Name of the room').fill(room)
    await ada.page.getByText('By invitation').click()
    await ada.press('Create')
    await ada.opened(room)
    await ada.press('Room details')
    await ada.page.getByLabel('Invite someone').fill(bobName)
    await ada.press('Invite')
    await bob.reads(new RegExp(`invited you to “${room}”`))
    await bob.press('Join')
    await bob.opened(room)
    await ada.choose(`What to do with ${bobName}`, 'Remove from the room')
    await bob.reads(`You were removed from “${room}”.`)
    await bob.row(room).waitFor({ state: 'detached' })
  })
})

describe('the page', () => {
  test('shows script in a message as text and does not run it; only plain addresses become links', async () => {
    const { ada, bob } = await inOneRoom()
    const attack = '<script>alert(1)</script><img src=x onerror="alert(2)"><b>bold</b> javascript:alert(3)'
    await ada.say(attack)
    await bob.sees(attack)
    await ada.say('see https://example.com/a?b=1.')
    await bob.page.locator('.messageText a[href="https://example.com/a?b=1"]').waitFor()
    const marks = Array.from({ length: 60 }, (_, at) => `@person${at}`).join(' ')
    await ada.say(marks)
    await ada.has(marks, 'failed')
    await ada.reads('Too many people are mentioned.')
    expect(await bob.page.locator('[role=log] :is(script, img, b)').count()).toBe(0)
    expect(await bob.page.locator('.messageText a').count()).toBe(1)
    expect(await bob.row('Lobby').locator('img').count()).toBe(0)
  })

  test('loads the whole history by scrolling back, in order, once, and keeps its place', async () => {
    const { ada, room } = await inOneRoom()
    await fill(ada, 110)
    const eve = await enter(fresh('Eve'), 1)
    await eve.joinRoom(room)
    await eve.sees('m109')
    const expected = Array.from({ length: 110 }, (_, at) => `m${at}`)
    const scroller = eve.page.locator('.messages')
    await waitFor('all to be loaded', async () => {
      await scroller.hover()
      await eve.page.mouse.wheel(0, -3000)
      return (await eve.texts()).length === expected.length
    })
    expect(await eve.texts()).toEqual(expected)
  })

  test('opens a conversation at the last position, and marks it read when its end is in view', async () => {
    const { ada, bob, room } = await inOneRoom()
    await ada.say('before')
    await bob.sees('before')
    await bob.pick('Lobby')
    await fill(ada, 40)
    await bob.unread(room, 40)
    await bob.pick(room)
    const inView = (text: string): Promise<boolean> =>
      bob.message(text).evaluate((element) => {
        const { top, bottom } = element.getBoundingClientRect()
        return top > 0 && bottom < window.innerHeight
      })
    expect([await inView('m0'), await inView('m39')]).toEqual([true, false])
    await bob.unread(room, 40)
    await bob.reads('40 new messages')
    await bob.press('Jump to the newest message')
    await bob.unread(room, 0)
    expect(await inView('m39')).toBe(true)
  })

  test('keeps its place when older messages are inserted above', async () => {
    const { ada, room } = await inOneRoom()
    await fill(ada, 110)
    const eve = await enter(fresh('Eve'), 1)
    await eve.joinRoom(room)
    await eve.sees('m109')
    const before = await eve.texts()
    const first = eve.message(before[0] ?? '')
    await eve.page.locator('.messages').hover()
    const more = async (): Promise<boolean> => (await eve.texts()).length > before.length
    await waitFor('older ones', async () => {
      await eve.page.mouse.wheel(0, -2000)
      // No further scrolling after the request.
      return await waitFor('them', more, 1000)
    })
    expect(await first.evaluate((element) => element.getBoundingClientRect().top)).toBeGreaterThan(0)
    expect(await eve.page.locator('.messages').evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(0)
  })
})

describe('devices', () => {
  test('tabs of one user show the same, and a tab signed out by another shows a notice', async () => {
    const { ada, bob, adaName, bobName } = await pair()
    const phone = await enter(adaName, 1)
    await ada.writeTo(bobName)
    await ada.say('from the desk')
    await phone.pick(bobName)
    await phone.sees('from the desk')
    await phone.say('from the phone')
    await ada.sees('from the phone')
    await bob.pick(adaName)
    expect(await bob.texts()).toEqual(['from the desk', 'from the phone'])
    await ada.choose('Your account and settings', 'Your devices')
    await ada.page.locator('.plainLine').nth(1).waitFor()
    await ada.press('Sign out')
    await phone.connection('ended')
    await phone.reads(/The server ended the session/)
    await phone.press('Sign in again')
    await phone.page.getByLabel('Your name').waitFor()
  })
})

test('has every text in Chinese', async () => {
  const visitor = await Visitor.open(browser, pageOf(0), { locale: 'zh-CN' })
  await visitor.page.getByLabel('你的名字').fill(fresh('李梅'))
  await visitor.page.getByRole('button', { name: '开始聊天' }).click()
  await visitor.online()
  await visitor.opened('Lobby')
  expect(await visitor.page.locator('html').getAttribute('lang')).toBe('zh-Hans')
  await visitor.page.getByRole('textbox', { name: '消息' }).fill('大家好')
  await visitor.page.keyboard.press('Enter')
  await visitor.sees('大家好')
})
