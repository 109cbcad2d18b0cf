/** The demo page for everyone: rules of axe-core in both themes, keyboard alone, and the width of a phone. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { startCluster, type TestCluster } from '@skein/testkit'
import type axe from 'axe-core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { DEMO, freshRoom } from './two-people.ts'
import { Visitor } from './visitor.ts'

const PHONE = { width: 360, height: 640 }

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

/** What axe-core finds, as `rule: where`. Evaluated through the debugger, which the page's policy does not bind. */
async function violations(visitor: Visitor): Promise<string[]> {
  await visitor.page.evaluate(axeSource)
  const results = await visitor.page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }),
  )
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
  )
}

test.each(['light', 'dark'] as const)(
  'the form, a refusal and a busy room break no rule (%s)',
  async (colorScheme) => {
    const visitor = await Visitor.open(browser, page(), { colorScheme })
    expect(await violations(visitor)).toEqual([])
    await visitor.fill('', 'two words')
    expect(await violations(visitor)).toEqual([])
    await visitor.fill('Ada', freshRoom())
    await visitor.inRoom('Ada')
    await visitor.say('a message')
    await visitor.sees('a message')
    expect(await violations(visitor)).toEqual([])
    await visitor.press('Go offline')
    await visitor.say('a failed one')
    await visitor.reads('Not sent')
    expect(await violations(visitor)).toEqual([])
  },
)

test('everything can be done by keyboard alone', async () => {
  const { page: window, ...visitor } = await Visitor.open(browser, page())
  const { keyboard } = window
  await keyboard.type('Ada')
  await keyboard.press('Tab')
  await keyboard.press('ControlOrMeta+A')
  await keyboard.type(freshRoom())
  await keyboard.press('Enter')
  await window.locator('[role=log][aria-busy=false]').waitFor({ state: 'attached' })
  await keyboard.type('first line')
  await keyboard.press('Shift+Enter')
  await keyboard.type('second line')
  await keyboard.press('Enter')
  await window.locator('#log .text', { hasText: 'first line\nsecond line' }).waitFor()
  expect(await window.locator('#message').evaluate((field) => field === document.activeElement)).toBe(true)
  expect(visitor.problems).toEqual([])
})

test('a screen reader hears each change of the connection once, and each message', async () => {
  const visitor = await Visitor.enter(browser, page(), 'Ada', freshRoom())
  const live = visitor.page.getByRole('status')
  expect(await live.innerText()).toMatch(/^Connected to /)
  await visitor.press('Go offline')
  await visitor.state('unplugged')
  expect(await live.innerText()).toBe('Offline by your choice')
  const log = visitor.page.getByRole('log', { name: 'Messages' })
  expect(await log.getAttribute('aria-live')).toBe('polite')
})

test('on a phone nothing is wider than the screen, and the field for messages is in view', async () => {
  const visitor = await Visitor.open(browser, page(), { viewport: PHONE, isMobile: true, hasTouch: true })
  const overflow = (): Promise<number> =>
    visitor.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  expect(await overflow()).toBeLessThanOrEqual(0)
  await visitor.fill('A-name-of-32-characters-abcdefgh', 'x'.repeat(64))
  await visitor.inRoom('A-name-of-32-characters-abcdefgh')
  const word = 'unbroken'.repeat(40)
  await visitor.say(word)
  await visitor.sees(word)
  expect(await overflow()).toBeLessThanOrEqual(0)
  const box = await visitor.page.getByRole('textbox', { name: 'Message' }).boundingBox()
  expect((box?.y ?? PHONE.height) + (box?.height ?? 0)).toBeLessThanOrEqual(PHONE.height)
})
