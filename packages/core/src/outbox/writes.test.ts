import { expect, it } from 'vitest'
import type { Frame, Socket } from '../socket.ts'
import { Writes } from './writes.ts'

const frame = (text: string): Frame => ({ encoding: 'json', payload: Buffer.from(text) })

/** Sockets that record their frames in one list. */
function sockets(count: number): { log: string[]; sockets: Socket[] } {
  const log: string[] = []
  const socket = (at: number): Socket => ({
    bufferedAmount: 0,
    send: ({ payload }) => void log.push(`${at}: ${Buffer.from(payload).toString()}`),
    close: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
  })
  return { log, sockets: Array.from({ length: count }, (_, at) => socket(at)) }
}

it('writes at once outside a step', () => {
  const writes = new Writes()
  const { log, sockets: all } = sockets(1)
  for (const socket of all) writes.send(socket, frame('a'))
  expect(log).toEqual(['0: a'])
})

it('decides for all items of a step before the first write, and keeps the order', () => {
  const writes = new Writes()
  const { log, sockets: all } = sockets(4)
  writes.step([all[0], undefined, all[1], all[2], all[3]], 1, 4, (socket) => {
    log.push('decided')
    writes.send(socket, frame('a'))
    writes.send(socket, frame('b'))
  })
  expect(log).toEqual(['decided', 'decided', '1: a', '1: b', '2: a', '2: b'])
})

it('a step within a step writes with the outer one', () => {
  const writes = new Writes()
  const { log, sockets: all } = sockets(2)
  writes.step(all, 0, 2, (outer) => {
    writes.send(outer, frame('first'))
    writes.step([outer], 0, 1, (inner) => writes.send(inner, frame('second')))
    log.push('decided')
  })
  expect(log).toEqual(['decided', 'decided', '0: first', '0: second', '1: first', '1: second'])
})

it('writes the earlier frames once if a decision throws', () => {
  const writes = new Writes()
  const { log, sockets: all } = sockets(2)
  const fails = (socket: Socket): void => {
    if (socket === all[1]) throw new Error('no')
    writes.send(socket, frame('a'))
  }
  expect(() => writes.step(all, 0, 2, fails)).toThrow('no')
  for (const socket of all) writes.send(socket, frame('b'))
  expect(log).toEqual(['0: a', '0: b', '1: b'])
})

it('flush writes within a step, as a connection does before its close frame', () => {
  const writes = new Writes()
  const { log, sockets: all } = sockets(1)
  writes.step(all, 0, 1, (socket) => {
    writes.send(socket, frame('last words'))
    writes.flush()
    log.push('closed')
  })
  expect(log).toEqual(['0: last words', 'closed'])
})

it('writes no frame twice if a write throws', () => {
  const writes = new Writes()
  const { log, sockets: all } = sockets(2)
  const broken: Socket = {
    bufferedAmount: 0,
    send: () => {
      throw new Error('no')
    },
    close: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
  }
  expect(() => writes.step([all[0], broken], 0, 2, (socket) => writes.send(socket, frame('a')))).toThrow('no')
  writes.step([all[1]], 0, 1, (socket) => writes.send(socket, frame('b')))
  expect(log).toEqual(['0: a', '1: b'])
})
