/**
 * Builds the app where that is needed: nothing is committed that a machine made, and `npm ci && npm start` is
 * all that a newcomer should have to know. Vite is a development dependency, so an image without it must
 * bring the built app.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { hashOfSources } from './sources.ts'

/** Absolute folder of the built app. */
export const dist = fileURLToPath(new URL('../dist/', import.meta.url))

const CONFIG = fileURLToPath(new URL('../vite.config.ts', import.meta.url))
const LOCK = fileURLToPath(new URL('../dist.lock/', import.meta.url))
const STAMP = 'made-from.txt'

/** A build takes seconds; whoever holds the lock for longer is dead. */
const STALE_LOCK_MS = 60_000
const LOCK_POLL_MS = 100

/**
 * Resolves to true when it built something. Several processes may ask at once: one builds, the others wait
 * for it. Rejects with what Vite says, and when the app is missing and Vite is not installed.
 */
export async function ensureBuilt(): Promise<boolean> {
  const wanted = hashOfSources()
  const made = await madeFrom()
  if (made === wanted) return false
  if (made !== undefined && !viteIsHere()) return false
  while (!(await lock())) {
    await setTimeout(LOCK_POLL_MS)
    if ((await madeFrom()) === wanted) return false
  }
  try {
    if ((await madeFrom()) === wanted) return false
    await buildInto(wanted)
    return true
  } finally {
    await rm(LOCK, { recursive: true, force: true })
  }
}

/** False in an image: it brings the built app, not all that it was made from. */
function viteIsHere(): boolean {
  try {
    import.meta.resolve('vite')
    return true
  } catch {
    return false // Not installed, which is the answer.
  }
}

/** `undefined` when there is no built app. */
async function madeFrom(): Promise<string | undefined> {
  try {
    return await readFile(`${dist}${STAMP}`, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Whole or not at all: nobody is served half an app. */
async function buildInto(wanted: string): Promise<void> {
  const { build } = await import('vite')
  const folder = fileURLToPath(new URL(`../dist.${randomUUID()}`, import.meta.url))
  try {
    await build({ configFile: CONFIG, build: { outDir: folder, emptyOutDir: true } })
    await writeFile(`${folder}/${STAMP}`, wanted)
    await rm(dist, { recursive: true, force: true })
    await rename(folder, dist)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function lock(): Promise<boolean> {
  try {
    await mkdir(LOCK)
    return true
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error
    await breakStaleLock()
    return false
  }
}

async function breakStaleLock(): Promise<void> {
  try {
    const { mtimeMs } = await stat(LOCK)
    if (Date.now() - mtimeMs > STALE_LOCK_MS) await rm(LOCK, { recursive: true, force: true })
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') throw error
    // It was given back meanwhile, which is what was hoped for.
  }
}
