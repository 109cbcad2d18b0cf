import type { Command, Redis } from 'ioredis'
import { expect, it } from 'vitest'
import { writeByTurn } from './turn-writes.ts'

/** A connection of ioredis as far as writing goes: a command is its text here. */
function connection() {
  const written: (string | Buffer)[] = []
  const stream = { destroyed: false, write: (chunk: string | Buffer) => written.push(chunk) }
  const redis = {
    status: 'ready',
    stream,
    sendCommand: (command: { text: string | Buffer }, to: Pick<typeof stream, 'write'>) =>
      to.write(command.text),
  }
  const { sendCommand } = writeByTurn(redis as unknown as Redis, 60_000)
  const send = (text: string | Buffer): void => {
    const command = { text, isSettled: true, reject: () => undefined } as unknown as Command
    void sendCommand.call(redis as unknown as Redis, command)
  }
  return { stream, written, send }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

it('writes what a turn sends as one text, when the turn ends', async () => {
  const { written, send } = connection()
  for (const text of ['a', 'b', 'c']) send(text)
  expect(written).toEqual([])
  await turn()
  send('d')
  await turn()
  expect(written).toEqual(['abc', 'd'])
})

it('writes a kilobyte at once, and the rest in its order', async () => {
  const { written, send } = connection()
  const large = 'x'.repeat(600)
  for (const text of ['a', large, large, 'b']) send(text)
  expect(written).toEqual([`a${large}${large}`])
  await turn()
  expect(written).toEqual([`a${large}${large}`, 'b'])
})

it('keeps the order of bytes and texts', async () => {
  const { written, send } = connection()
  const bytes = Buffer.from('bytes')
  for (const chunk of ['a', bytes, 'b']) send(chunk)
  await turn()
  expect(written).toEqual(['a', bytes, 'b'])
})

it('writes nothing to a connection that is gone', async () => {
  const { stream, written, send } = connection()
  send('a')
  stream.destroyed = true
  await turn()
  expect(written).toEqual([])
})
