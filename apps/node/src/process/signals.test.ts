import { EventEmitter } from 'node:events'
import { expect, it } from 'vitest'
import { endOnSignals } from './signals.ts'

function setUp(stop: () => Promise<void>) {
  const process = new EventEmitter()
  const exits: number[] = []
  const logged: string[] = []
  const exited = new Promise<void>((resolve) => {
    Object.assign(process, {
      exit: (code: number) => {
        exits.push(code)
        resolve()
      },
    })
  })
  const log = {
    info: (text: string) => logged.push(text),
    fatal: (_: object, text: string) => logged.push(text),
  }
  endOnSignals(process as EventEmitter & { exit(code: number): void }, { log, stop })
  return { process, exits, logged, exited }
}

it.each(['SIGTERM', 'SIGINT'])('%s stops the node and exits with 0', async (signal) => {
  let stopped = 0
  const { process, exits, exited } = setUp(async () => void stopped++)
  process.emit(signal)
  await exited
  expect({ stopped, exits }).toEqual({ stopped: 1, exits: [0] })
})

it('a second signal exits at once', () => {
  const { process, exits } = setUp(() => new Promise(() => undefined))
  process.emit('SIGTERM')
  expect(exits).toEqual([])
  process.emit('SIGTERM')
  expect(exits).toEqual([1])
})

it.each(['uncaughtException', 'unhandledRejection'])('%s is logged and exits with 1', (event) => {
  const { process, exits, logged } = setUp(async () => undefined)
  process.emit(event, new Error('surprise'))
  expect({ exits, logged: logged.length }).toEqual({ exits: [1], logged: 1 })
})

it('a failed stop exits with 1', async () => {
  const { process, exits, exited } = setUp(() => Promise.reject(new Error('stuck')))
  process.emit('SIGTERM')
  await exited
  expect(exits).toEqual([1])
})
