import { describe, expect, test } from 'vitest'
import { startChild } from './child.ts'
import { waitFor, within } from './wait.ts'

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    // ESRCH: no such process.
    return false
  }
}

const node = (script: string) =>
  startChild({ name: 'a script', command: process.execPath, args: ['--input-type=module', '-e', script] })

describe('a child process', () => {
  test('reports its output and its exit', async () => {
    const child = await node('console.log("out"); console.error("err"); process.exitCode = 3')
    expect(await within('its end', child.exited)).toEqual({ code: 3, signal: null })
    expect(child.logs()).toContain('out')
    expect(child.logs()).toContain('err')
    expect(child.running()).toBe(false)
  })

  test('is stopped with SIGTERM, and with SIGKILL when it does not exit', async () => {
    const child = await node(
      'process.on("SIGTERM", () => {}); console.log("deaf"); setInterval(() => {}, 1000)',
    )
    await waitFor('the script to run', () => child.logs().includes('deaf'))
    expect(await child.stop(100)).toEqual({ code: null, signal: 'SIGKILL' })
  })

  test('is stopped when it is paused', async () => {
    const child = await node('console.log("here"); setInterval(() => {}, 1000)')
    await waitFor('the script to run', () => child.logs().includes('here'))
    child.kill('SIGSTOP')
    expect(await child.stop()).toEqual({ code: null, signal: 'SIGTERM' })
  })

  test('does not inherit the settings of the test run', async () => {
    const child = await node('console.log(Object.keys(process.env).join())')
    await child.exited
    const allowed = ['HOME', 'PATH', 'TMPDIR', 'NODE_COMPILE_CACHE', 'SKEIN_FAST_PATHS']
    expect(
      child
        .logs()
        .trim()
        .split(',')
        .filter((name) => !allowed.includes(name)),
    ).toEqual([])
  })

  test('reports a program that does not exist', async () => {
    const missing = startChild({ name: 'nothing', command: 'no-such-program-anywhere', args: [] })
    await expect(missing).rejects.toThrow('nothing did not start')
  })

  test('ends with a test run that is killed', async () => {
    const run = await node(`
      const { startChild } = await import(${JSON.stringify(new URL('./child.ts', import.meta.url).href)})
      const child = await startChild({ name: 'sleep', command: 'sleep', args: ['60'] })
      console.log('pid=' + child.pid)
    `)
    const pid = await waitFor('the grandchild', () => Number(/pid=(\d+)/.exec(run.logs())?.[1]) || undefined)
    expect(alive(pid)).toBe(true)
    run.kill('SIGKILL')
    await waitFor('the grandchild to end', () => !alive(pid))
  })
})
