/** A real Chromium, the system's, for pages of the cluster. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Only the page may use the network: no updates, no services of the browser's vendor. */
const QUIET = [
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
]

/** Without Chromium's sandbox: as root and in containers it does not start with one. */
const IN_CONTAINERS = ['--no-sandbox', '--disable-gpu']

export function launchBrowser(): Promise<Browser> {
  const executablePath = CANDIDATES.find((path) => existsSync(path))
  if (executablePath === undefined) throw new Error('no Chromium here: apt-get install chromium')
  return chromium.launch({ executablePath, headless: true, args: [...QUIET, ...IN_CONTAINERS] })
}
