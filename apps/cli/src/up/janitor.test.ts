import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'

const MAIN = fileURLToPath(new URL('janitor-main.ts', import.meta.url))

function janitor() {
  const child = spawn(process.execPath, [MAIN], { stdio: ['pipe', 'ignore', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const say = (...words: string[]) => void child.stdin.write(`${JSON.stringify(words)}\n`)
  return { say, end: () => child.stdin.end(), ended: once(child, 'exit') }
}

function bystander() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    detached: true,
    stdio: 'ignore',
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return {
    pid: String(child.pid),
    isAlive: () => child.exitCode === null && child.signalCode === null,
    ended: once(child, 'exit'),
  }
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'skein-janitor-test-'))
  writeFileSync(join(path, 'file'), '')
  return path
}

it('removes every registered process and path when its parent dies', async () => {
  const { say, end, ended } = janitor()
  const [process_, path] = [bystander(), folder()]
  say('add', 'pid', process_.pid)
  say('add', 'path', path)
  end()
  expect(await ended).toEqual([0, null])
  await process_.ended
  expect(existsSync(path)).toBe(false)
})

it('removes nothing after `done`, and nothing that was dropped', async () => {
  const first = janitor()
  const process_ = bystander()
  first.say('add', 'pid', process_.pid)
  first.say('done')
  first.end()
  expect(await first.ended).toEqual([0, null])

  const second = janitor()
  second.say('add', 'pid', process_.pid)
  second.say('drop', 'pid', process_.pid)
  second.end()
  expect(await second.ended).toEqual([0, null])
  expect(process_.isAlive()).toBe(true)
})
