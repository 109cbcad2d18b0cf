/**
 * Builds the app when needed, so no generated file is committed and `npm ci && npm start` suffices. Vite is a
 * development dependency, so an image without it must include the built app.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { compressFiles } from './compress.ts'
import { hashOfSources } from './sources.ts'

/** Absolute folder of the built app. */
export const dist = fileURLToPath(new URL('../dist/', import.meta.url))

const CONFIG = fileURLToPath(new URL('../vite.config.ts', import.meta.url))
const LOCK = fileURLToPath(new URL('../dist.lock/', import.meta.url))
const STAMP = 'made-from.txt'

/** A build takes seconds, so an older lock belongs to a dead process. */
const STALE_LOCK_MS = 60_000
const LOCK_POLL_MS = 100

/**
 * Resolves to true when it built the app. Of concurrent processes one builds and the others wait. Rejects
 * with Vite's error, and when the app is missing and Vite is not installed.
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

/** False in an image, which has the built app and no sources. */
function viteIsHere(): boolean {
  try {
    import.meta.resolve('vite')
    return true
  } catch {
    return false // Vite is not installed.
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

/** Replaces the app atomically, so no request gets a partial build. */
async function buildInto(wanted: string): Promise<void> {
  const { build } = await import('vite')
  const folder = fileURLToPath(new URL(`../dist.${randomUUID()}`, import.meta.url))
  try {
    await build({ configFile: CONFIG, build: { outDir: folder, emptyOutDir: true } })
    await compressFiles(folder)
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
    // Another process released the lock.
  }
}
