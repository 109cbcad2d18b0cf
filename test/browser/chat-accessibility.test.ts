/**
 * Accessibility of the chat app: axe-core's rules in both themes and on a phone, keyboard only, screen
 * readers.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { startCluster, type TestCluster } from '@skein/testkit'
import type axe from 'axe-core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { DEMO, fresh } from './settings.ts'
import { Visitor } from './visitor.ts'

const PHONE = { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true }

let cluster: TestCluster
let browser: Browser
let axeSource: string

beforeAll(async () => {
  ;[cluster, browser, axeSource] = await Promise.all([
    startCluster({ nodes: 1, env: DEMO }),
    launchBrowser(),
    readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
  ])
})
afterAll(async () => {
  await browser?.close()
  await cluster?.stop()
})

const page = (): string => `${cluster.node(0).publicUrl}/`

/**
 * Violations of axe-core as `rule: where`. Evaluated through the debugger, which the page's policy does not
 * restrict.
 */
async function violations(visitor: Visitor): Promise<string[]> {
  await visitor.page.evaluate(axeSource)
  // An element that fades in has less contrast than at its end.
  await visitor.page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== 'running'),
  )
  const results = await visitor.page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }),
  )
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
  )
}

test.each([
  ['light', {}],
  ['dark', {}],
  ['light', PHONE],
  ['dark', PHONE],
] as const)('no page of the app breaks a rule (%s, %j)', async (colorScheme, size) => {
  const bob = await Visitor.enter(browser, page(), fresh('Bob'))
  const visitor = await Visitor.open(browser, page(), { colorScheme, ...size })
  const clean = async () => expect(await violations(visitor)).toEqual([])
  await clean()
  await visitor.signIn(' ')
  await visitor.reads('Please enter a name.')
  await clean()
  const name = fresh('Ada')
  await visitor.signIn(name)
  await visitor.online()
  await visitor.opened('Lobby')
  const text = `see https://example.com/${fresh('').trim()}`
  await visitor.say(text)
  await visitor.sees(text)
  await bob.sees(text)
  await bob.act(text, 'Add a reaction')
  await bob.page.getByRole('button', { name: '👍', exact: true }).click()
  await bob.act(text, 'Reply')
  await bob.say('an answer')
  await visitor.sees('an answer')
  await clean()
  await visitor.press('Room details')
  await visitor.reads('Invite')
  await clean()
  await visitor.press('Close')
  await visitor.page.getByRole('dialog').waitFor({ state: 'detached' })
  if (size !== PHONE) {
    await visitor.act(text, 'More')
    await clean()
    await visitor.page.keyboard.press('Escape')
    await visitor.choose('Your account and settings', 'Your devices')
    await visitor.reads('this device')
    await clean()
    await visitor.press('Close')
    await visitor.choose('Your account and settings', 'Go offline')
    await visitor.say('it waits')
    await visitor.has('it waits', 'queued')
    await clean()
    await visitor.press('Your account and settings')
    await clean()
  } else {
    await visitor.page.getByRole('link', { name: 'Back to conversations' }).click()
    await clean()
  }
  await visitor.page.evaluate(() => localStorage.setItem('skein.locale', 'zh'))
  await visitor.page.reload()
  await visitor.online()
  await clean()
})

test('everything is reachable by keyboard alone', async () => {
  const { page: window, ...visitor } = await Visitor.open(browser, page())
  const { keyboard } = window
  const focused = (selector: string) => window.locator(`${selector}:focus`).waitFor()
  // The page appears before the field accepts keys.
  await focused('input')
  await keyboard.type(fresh('Ada'))
  await keyboard.press('Enter')
  await window.locator('[role=log][aria-busy=false]').waitFor({ state: 'attached' })
  await focused('textarea')
  await keyboard.type('first line')
  await keyboard.press('Shift+Enter')
  await keyboard.type('second line')
  await keyboard.press('Enter')
  await window.locator('.messageText', { hasText: 'first line\nsecond line' }).waitFor()
  await keyboard.type('another one')
  await keyboard.press('Enter')
  await window.locator('.message[data-status=sent] .messageText', { hasText: 'another one' }).waitFor()
  // Up in an empty field edits the last message; Escape cancels it.
  await keyboard.press('ArrowUp')
  await window.getByText('Editing your message').waitFor()
  await keyboard.press('Escape')
  await window.getByText('Editing your message').waitFor({ state: 'detached' })
  await focused('textarea')
  // Into the messages, up by one, and its actions.
  await keyboard.press('Shift+Tab')
  while (!(await window.locator('[data-message]:focus').count())) await keyboard.press('Shift+Tab')
  await keyboard.press('ArrowUp')
  await window.locator('[data-message]:focus', { hasText: 'first line' }).waitFor()
  // Enter leads to them as well, Escape back.
  await keyboard.press('Enter')
  await focused('.messageActions button')
  await keyboard.press('Escape')
  await focused('[data-message]')
  await keyboard.press('Tab')
  await keyboard.press('Tab')
  await keyboard.press('Enter')
  await window.getByText(/^Replying to/).waitFor()
  await focused('textarea')
  await keyboard.type('by keyboard')
  await keyboard.press('Enter')
  await window.locator('.message', { hasText: 'by keyboard' }).locator('.quote').waitFor()
  expect(visitor.problems).toEqual([])
})

test('a screen reader announces each change of the connection once, and each message with its author', async () => {
  const visitor = await Visitor.enter(browser, page(), fresh('Ada'))
  const live = visitor.page.locator('.chip[role=status]')
  expect(await live.innerText()).toMatch(/^Connected to /)
  await visitor.choose('Your account and settings', 'Go offline')
  await visitor.connection('off')
  expect(await live.innerText()).toBe('Offline by your choice')
  const log = visitor.page.getByRole('log', { name: 'Messages' })
  expect(await log.getAttribute('aria-live')).toBe('polite')
  await visitor.say('said')
  expect(await visitor.message('said').innerText()).toMatch(/^You/)
  await visitor.message('said').getByRole('img', { name: 'waits for the connection' }).waitFor()
})

test('on a phone nothing is wider than the screen, and the field for messages is in view', async () => {
  const visitor = await Visitor.open(browser, page(), PHONE)
  const overflow = (): Promise<number> =>
    visitor.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(await overflow()).toBeLessThanOrEqual(0)
  await visitor.signIn(`A-name-of-32-characters-${fresh('').trim()}`)
  await visitor.online()
  await visitor.opened('Lobby')
  const word = 'unbroken'.repeat(40)
  await visitor.say(word)
  await visitor.sees(word)
  expect(await overflow()).toBeLessThanOrEqual(0)
  const box = await visitor.page.getByRole('textbox', { name: 'Message' }).boundingBox()
  expect((box?.y ?? 1000) + (box?.height ?? 0)).toBeLessThanOrEqual(PHONE.viewport.height)
  await visitor.page.getByRole('link', { name: 'Back to conversations' }).click()
  await visitor.row('Lobby').waitFor()
  expect(await overflow()).toBeLessThanOrEqual(0)
})
