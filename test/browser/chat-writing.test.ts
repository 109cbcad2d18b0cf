/** Writing and copying in the page: input methods, the emoji picker, blocked storage, insecure contexts. */
import { startCluster, type TestCluster } from '@skein/testkit'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from './browser.ts'
import { DEMO, fresh } from './settings.ts'
import { Visitor } from './visitor.ts'

let cluster: TestCluster
let browser: Browser

beforeAll(async () => {
  ;[cluster, browser] = await Promise.all([startCluster({ nodes: 1, env: DEMO }), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await cluster?.stop()
})

async function enter(): Promise<Visitor> {
  const visitor = await Visitor.enter(browser, `${cluster.node(0).publicUrl}/`, fresh('Ada'))
  await visitor.createRoom(fresh('Room'))
  return visitor
}

test('Enter that ends a composition in Safari does not send', async () => {
  const { page } = await enter()
  const field = page.getByRole('textbox', { name: 'Message' })
  await field.fill('nihao')
  await field.evaluate((element) =>
    element.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true }),
    ),
  )
  expect(await field.inputValue()).toBe('nihao')
})

test('an emoji replaces the selection and leaves the caret behind it', async () => {
  const { page } = await enter()
  const field = page.getByRole('textbox', { name: 'Message' })
  await field.fill('hello world')
  await field.evaluate((element: HTMLTextAreaElement) => element.setSelectionRange(6, 11))
  await page.getByRole('button', { name: 'Insert an emoji', exact: true }).click()
  const emoji = page.locator('.emojiGrid button').first()
  const picked = await emoji.innerText()
  await emoji.click()
  await expect.poll(() => field.inputValue()).toBe(`hello ${picked}`)
  await page.keyboard.type('!')
  await field.evaluate((element: HTMLTextAreaElement) => element.setSelectionRange(0, 0))
  await page.getByRole('button', { name: 'Insert an emoji', exact: true }).click()
  await page.locator('.emojiGrid button').first().click()
  await expect.poll(() => field.inputValue()).toBe(`${picked}hello ${picked}!`)
  await expect
    .poll(() => field.evaluate((element: HTMLTextAreaElement) => element.selectionStart))
    .toBe(picked.length)
})

test('blocked storage stops neither the page nor sending', async () => {
  const visitor = await Visitor.open(browser, `${cluster.node(0).publicUrl}/`, { expected: /blocked/ })
  await visitor.page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage'] as const)
      Object.defineProperty(window, name, {
        get: () => {
          throw new DOMException('blocked', 'SecurityError')
        },
      })
  })
  await visitor.page.reload()
  await visitor.signIn(fresh('Ada'))
  await visitor.online()
  await visitor.createRoom(fresh('Room'))
  await visitor.say('without storage')
  await visitor.has('without storage', 'sent')
})

test('text is copied without a secure context', async () => {
  const visitor = await Visitor.open(browser, `${cluster.node(0).publicUrl}/`)
  await visitor.page.addInitScript(() => {
    Object.defineProperty(window, 'isSecureContext', { value: false })
    Object.defineProperty(navigator, 'clipboard', { value: undefined })
  })
  await visitor.page.reload()
  await visitor.signIn(fresh('Ada'))
  await visitor.online()
  await visitor.createRoom(fresh('Room'))
  await visitor.say('copy me')
  await visitor.has('copy me', 'sent')
  await visitor.act('copy me', 'More')
  await visitor.page.getByRole('menuitem', { name: 'Copy the text' }).click()
  const field = visitor.page.getByRole('textbox', { name: 'Message' })
  await field.click()
  await visitor.page.keyboard.press('ControlOrMeta+V')
  await expect.poll(() => field.inputValue()).toBe('copy me')
})
