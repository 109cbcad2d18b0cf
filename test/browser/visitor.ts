/** Someone in front of the demo page: one window with its own session, in the words of the page. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'

export interface VisitorOptions extends BrowserContextOptions {
  /** Console errors that this test brings about itself. */
  readonly expected?: RegExp
}

/** The browser's own word, on the console, for a socket that does not come about. */
export const CONNECTION_FAILED = /^WebSocket connection to .* failed/

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

  /** Opens the page at `url` in a window of its own; at the end of the test nothing may have gone wrong in it. */
  static async open(browser: Browser, url: string, options: VisitorOptions = {}): Promise<Visitor> {
    const { expected, ...contextOptions } = options
    const context = await browser.newContext(contextOptions)
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

  /** {@link open}, then fills the form, and is connected and in the room. */
  static async enter(
    browser: Browser,
    url: string,
    name: string,
    room: string,
    options: VisitorOptions = {},
  ): Promise<Visitor> {
    const visitor = await Visitor.open(browser, url, options)
    await visitor.fill(name, room)
    await visitor.inRoom(name)
    return visitor
  }

  async fill(name: string, room: string): Promise<void> {
    await this.page.getByLabel('Your name').fill(name)
    await this.page.getByRole('textbox', { name: 'Room' }).fill(room)
    await this.press('Enter')
  }

  /** Connected, subscribed, and listed: what is published from now on is live. */
  async inRoom(name: string): Promise<void> {
    await this.state('connected')
    await this.page.locator('#people').getByText(name, { exact: true }).waitFor()
    await this.page.locator('[role=log][aria-busy=false]').waitFor({ state: 'attached' })
  }

  async press(button: string): Promise<void> {
    await this.page.getByRole('button', { name: button, exact: true }).click()
  }

  async say(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Message' }).fill(text)
    await this.page.keyboard.press('Enter')
  }

  /** Waits for a message in the conversation (not one on its way). */
  async sees(text: string): Promise<void> {
    await this.page.locator('#log .text').getByText(text, { exact: true }).first().waitFor()
  }

  /** Waits for words anywhere on the page. */
  async reads(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor()
  }

  /** Waits for this state of the connection. */
  async state(state: 'connecting' | 'connected' | 'waiting' | 'unplugged' | 'ended'): Promise<void> {
    await this.page.locator(`#status[data-state=${state}]`).waitFor()
  }

  status(): Promise<string> {
    return this.page.locator('#status-text').innerText()
  }

  /** The conversation in its order, messages and marks of catching up; comings and goings left out. */
  conversation(): Promise<string[]> {
    return this.page.locator('#log .text, #log .caught-up, #log .gap').allTextContents()
  }

  /** Messages on their way or failed. */
  outgoing(): Promise<string[]> {
    return this.page.locator('#outgoing .text').allTextContents()
  }

  people(): Promise<string[]> {
    return this.page.locator('#people .name').allTextContents()
  }
}
