import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Janitor } from './janitor.ts'
import { Part, type PartContext, type PartSpec } from './part.ts'

let folder: string
let reports: string[]
let over: AbortController
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skein-part-test-'))
  reports = []
  over = new AbortController()
})
afterEach(() => rmSync(folder, { recursive: true }))

const janitor: Janitor = { add: () => undefined, drop: () => undefined, done: async () => undefined }
const context = (): PartContext => ({ janitor, report: (line) => reports.push(line), signal: over.signal })

/** A process that runs this program; it is ready once its log has "ready". */
const program = (code: string): PartSpec => {
  const logFile = join(folder, 'log')
  return {
    name: 'part',
    command: process.execPath,
    args: ['-e', code],
    env: {},
    logFile,
    ready: async () => readFileSync(logFile, 'utf8').includes('ready'),
  }
}

const STAYS = "console.log('ready ' + process.pid); setInterval(() => {}, 1000)"
const isAlive = (pid: number | undefined) => {
  try {
    return process.kill(pid ?? 0, 0)
  } catch {
    return false
  }
}
const until = async (holds: () => boolean) => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10))
}

it('starts, and has exited after stop', async () => {
  const part = await Part.start(program(STAYS), context())
  expect(isAlive(part.pid)).toBe(true)
  await part.stop()
  expect(isAlive(part.pid)).toBe(false)
  expect(reports).toEqual([])
})

it('restarts after a kill and reports it', async () => {
  const part = await Part.start(program(STAYS), context())
  const first = part.pid ?? 0
  process.kill(first, 'SIGKILL')
  await until(() => part.pid !== first)
  expect(isAlive(part.pid)).toBe(true)
  expect(reports).toEqual([
    expect.stringMatching(`part \\(pid ${first}\\) ended: SIGKILL. It restarts in 250 ms`),
  ])
  await part.stop()
  expect(isAlive(part.pid)).toBe(false)
})

it('fails with the end of its log if it exits before it is ready', async () => {
  const start = Part.start(program("console.log('the port is taken'); process.exit(1)"), context())
  await expect(start).rejects.toThrow('part did not start:\n  the port is taken')
})

it('fails if the program does not exist', async () => {
  const start = Part.start({ ...program(''), command: join(folder, 'none') }, context())
  await expect(start).rejects.toThrow('part did not start')
})

it('stops waiting when the signal aborts, and leaves no process', async () => {
  const spec = program('setInterval(() => {}, 1000)')
  const ready = async () => {
    over.abort()
    return false
  }
  const start = Part.start({ ...spec, ready }, context())
  await expect(start).rejects.toThrow('aborted')
})
