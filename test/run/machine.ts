/** Programs that the tests need and this machine lacks, and their installation: as root on Debian. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { DEBIAN_PACKAGES, howTo, type Need } from './projects.ts'

// biome-ignore lint/style/noProcessEnv: the runner starts programs, which need the machine's environment
export const ENV = process.env

/** Debian keeps servers where ordinary users' PATH does not look. */
const FOLDERS = [...(ENV['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin']

const BINARIES: Readonly<Record<Exclude<Need, 'docker'>, readonly string[]>> = {
  redis: ['redis-server'],
  nginx: ['nginx'],
  chromium: ['chromium', 'chromium-browser', 'google-chrome'],
  iptables: ['iptables'],
  faketime: ['faketime'],
}

const has = (name: string): boolean =>
  FOLDERS.some((folder) => folder !== '' && existsSync(join(folder, name)))

export function missingOf(needs: readonly Need[]): Need[] {
  return [...new Set(needs)].filter((need) => !(need === 'docker' ? hasDocker() : BINARIES[need].some(has)))
}

/** SKEIN_TEST_CONTAINERS=1 makes a missing engine a failure of the tests instead of a reason to skip them. */
function hasDocker(): boolean {
  if (ENV['SKEIN_TEST_CONTAINERS'] === '1') return true
  const asked = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 5000 })
  return asked.status === 0
}

/** Installs packages of apt as root; otherwise prints the command. */
export function install(missing: readonly Need[]): void {
  const packages = missing.map((need) => DEBIAN_PACKAGES[need]).filter((name) => name !== undefined)
  if (packages.length === 0) return
  if (process.getuid?.() !== 0 || !has('apt-get')) {
    console.log(
      `Missing here: ${missing.join(', ')}. To have their tests, ${howTo(missing, process.platform)}\n`,
    )
    return
  }
  console.log(`Installing ${packages.join(', ')} with apt-get`)
  if (apt(['update', '-qq'])) apt(['install', '-y', '-qq', '--no-install-recommends', ...packages])
}

/**
 * Debian starts a server after its installation, on its usual port, except in runlevel 1. Tests start their
 * own.
 */
function apt(args: readonly string[]): boolean {
  const env = { ...ENV, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  const { status, stdout, stderr } = spawnSync('apt-get', args, { env, encoding: 'utf8' })
  if (status !== 0) console.error(`apt-get ${args.join(' ')} failed:\n${stdout}${stderr}`)
  return status === 0
}
