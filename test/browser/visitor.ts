/** A user of the chat app: one window with its own session, in the terms of the page. */
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'

export interface VisitorOptions extends BrowserContextOptions {
  /** Console errors that this test causes itself. */
  readonly expected?: RegExp
}

/** Chromium's own console messages for a failed socket and for a failed load. */
export const CONNECTION_FAILED = /^(WebSocket connection to .* failed|Failed to load resource)/

export type Status = 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed'

export class Visitor {
  readonly page: Page
  /** Console errors and warnings, uncaught errors, violations of the Content-Security-Policy. */
  readonly problems: string[] = []

  private constructor(page: Page, expected: RegExp | undefined) {
    this.page = page
    const note = (text: string): void => {
      if (expected?.test(text) !== true) this.problems.push(text)
    }
    page.on('pageerror', (error) => note(String(error)))
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) note(message.text())
    })
    page.on('dialog', (dialog) => {
      note(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
  }

  /** Opens the page at `url` in a window of its own; the end of the test fails on any recorded error. */
  static async open(browser: Browser, url: string, options: VisitorOptions = {}): Promise<Visitor> {
    const { expected, ...contextOptions } = options
    const context = await browser.newContext({ locale: 'en-GB', ...contextOptions })
    return await Visitor.#inContext(context, url, expected)
  }

  /** Another tab of this browser, which shares its storage, signed in. */
  async another(name: string): Promise<Visitor> {
    const { origin } = new URL(this.page.url())
    const tab = await Visitor.#inContext(this.page.context(), `${origin}/`, undefined)
    await tab.signIn(name)
    await tab.online()
    return tab
  }

  static async #inContext(
    context: BrowserContext,
    url: string,
    expected: RegExp | undefined,
  ): Promise<Visitor> {
    const page = await context.newPage()
    const visitor = new Visitor(page, expected)
    onTestFinished(async () => {
      await context.close()
      expect(visitor.problems).toEqual([])
    })
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
        console.error(`CSP ${violatedDirective} ${blockedURI} ${sample}`),
      )
    })
    const response = await page.goto(url)
    expect(response?.headers()['content-security-policy']).toContain("default-src 'none'")
    return visitor
  }

  /** {@link open}, then signs in, and is connected. */
  static async enter(
    browser: Browser,
    url: string,
    name: string,
    options: VisitorOptions = {},
  ): Promise<Visitor> {
    const visitor = await Visitor.open(browser, url, options)
    await visitor.signIn(name)
    await visitor.online()
    return visitor
  }

  async signIn(name: string): Promise<void> {
    await this.page.getByLabel('Your name').fill(name)
    await this.page.keyboard.press('Enter')
  }

  /** Connected, with no message missing. */
  async online(): Promise<void> {
    await this.connection('online')
  }

  async connection(state: 'off' | 'connecting' | 'reconnecting' | 'online' | 'ended'): Promise<void> {
    await this.page.locator(`.chip[data-state=${state}]`).waitFor({ state: 'attached' })
  }

  /** The node that serves this window. */
  async node(): Promise<string> {
    return (await this.page.locator('.chip').innerText()).replace('Connected to ', '')
  }

  async press(button: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).click()
  }

  /** Picks an item of the menu that this button opens. */
  async choose(button: string, item: string): Promise<void> {
    await this.press(button)
    await this.page.getByRole('menuitem', { name: item }).click()
  }

  /** A new room, open in this window. */
  async createRoom(name: string): Promise<void> {
    await this.choose('New conversation', 'Create a room')
    await this.page.getByLabel('Name of the room').fill(name)
    await this.page.keyboard.press('Enter')
    await this.opened(name)
  }

  /** A public room, found by its name. */
  async joinRoom(name: string): Promise<void> {
    await this.choose('New conversation', 'Find a room')
    await this.page.getByPlaceholder('Search public rooms').fill(name)
    await this.press(`Join: ${name}`)
    await this.opened(name)
  }

  /** The conversation with this user. */
  async writeTo(user: string, name = user): Promise<void> {
    await this.choose('New conversation', 'Message someone')
    await this.page.getByLabel('User name').fill(user)
    await this.page.keyboard.press('Enter')
    await this.opened(name)
  }

  /** A conversation of the list. */
  async pick(name: string): Promise<void> {
    await this.row(name).click()
    await this.opened(name)
  }

  row(name: string): Locator {
    return this.page.locator('.row', { has: this.page.locator('.rowName').getByText(name, { exact: true }) })
  }

  /** Waits until a conversation is open, with its newest messages. */
  async opened(name: string): Promise<void> {
    await this.page.locator('.paneTitle h1').getByText(name, { exact: true }).waitFor()
    await this.page.locator('[role=log][aria-busy=false]').waitFor({ state: 'attached' })
  }

  async say(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Message' }).fill(text)
    await this.page.keyboard.press('Enter')
  }

  message(text: string): Locator {
    return this.page.locator('.message', {
      has: this.page.locator('.messageText').getByText(text, { exact: true }),
    })
  }

  /** Waits for a message in the open conversation. */
  async sees(text: string): Promise<void> {
    await this.message(text).first().waitFor()
  }

  /** Waits until the user's own message has this state. */
  async has(text: string, status: Status): Promise<void> {
    await this.message(text)
      .and(this.page.locator(`[data-status=${status}]`))
      .waitFor()
  }

  /** One of the buttons beside a message. */
  async act(text: string, button: string): Promise<void> {
    const message = this.message(text)
    await message.hover()
    await message.getByRole('button', { name: button, exact: true }).click()
  }

  /** Waits for a text anywhere on the page. */
  async reads(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor()
  }

  /** The open conversation in its order, without system lines. */
  texts(): Promise<string[]> {
    return this.page.locator('.messageText').allTextContents()
  }

  /** Waits for the number on the conversation's row; 0: none. */
  async unread(name: string, count: number): Promise<void> {
    const badge = this.row(name).locator('.badge').filter({ hasNotText: '@' })
    if (count === 0) await badge.waitFor({ state: 'detached' })
    else await badge.getByText(String(count), { exact: true }).waitFor()
  }
}
