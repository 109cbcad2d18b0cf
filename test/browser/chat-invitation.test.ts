/** An invitation link: chosen uses and expiry are shown, and the link ends with its uses. */
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

test('a link for one person admits one, and gives the second the reason', async () => {
  const page = `${cluster.node(0).publicUrl}/`
  const room = fresh('Room')
  const ada = await Visitor.enter(browser, page, fresh('Ada'))
  await ada.createRoom(room)
  await ada.press('Room details')
  await ada.page.getByText('1 day', { exact: true }).click()
  await ada.press('Make a link for anyone')
  await ada.reads(/^For 1 person, until /)
  const link = await ada.page.getByLabel('Invitation link').inputValue()
  const enter = async (): Promise<Visitor> => {
    const visitor = await Visitor.enter(browser, page, fresh('Guest'))
    await visitor.choose('New conversation', 'Use an invitation')
    await visitor.page.getByLabel('Invitation link or code').fill(link)
    await visitor.press('Join with it')
    return visitor
  }
  const bob = await enter()
  await bob.opened(room)
  const cy = await enter()
  await cy.reads('The invitation has no uses left. Ask for another one.')
  expect(await cy.row(room).count()).toBe(0)
})
