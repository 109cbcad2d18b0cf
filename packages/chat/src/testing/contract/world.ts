import { afterEach, beforeEach } from 'vitest'
import type { ChatStorage, Cursor, Member, RoomRecord } from '../../ports.ts'

export interface StorageWorld {
  /** Two clients of the same data, as on two nodes. */
  readonly one: ChatStorage
  readonly other: ChatStorage
  /** Advances the time for expiry. */
  elapse(ms: number): Promise<void>
  stop(): Promise<void>
}

/** A fresh world for each test of the current suite. */
export function worldOfEachTest(start: () => Promise<StorageWorld>): StorageWorld {
  let current: StorageWorld | undefined
  const running = (): StorageWorld => {
    if (current === undefined) throw new Error('the storage is available within tests only')
    return current
  }
  beforeEach(async () => {
    current = await start()
  })
  afterEach(() => running().stop())
  return {
    get one() {
      return running().one
    },
    get other() {
      return running().other
    },
    elapse: (ms) => running().elapse(ms),
    stop: () => running().stop(),
  }
}

export const room = (id: string, name: string): RoomRecord => ({
  id,
  name,
  nameKey: name.toLowerCase(),
  visibility: 'public',
  createdBy: 'ann',
  createdAt: 1,
})

export const member = (user: string, role: Member['role'] = 'member'): Member => ({
  user,
  role,
  joinedAt: 5,
})

export const cursor = (offset: number, epoch = 'e'): Cursor => ({ offset, epoch, at: offset * 10 })
