/** The rooms of core and redis as data: the rooms that each may import, and the largest circle of files. */

/**
 * A room is a folder below a package's `src`; a file directly in `src` is a room by its own name.
 * Tests and `testing/` may import everything of their package.
 */
export interface Rooms {
  /** From the repository's root. */
  readonly folder: string
  /** Rooms whose types every room may import: the package's doors. */
  readonly doors: readonly string[]
  /** By room: the rooms whose values and types it may import; `ALL` for every room. */
  readonly values: Readonly<Record<string, readonly string[]>>
  /** By room: further rooms whose types it may import. */
  readonly types?: Readonly<Record<string, readonly string[]>>
  /**
   * Arrows that the table forbids and the tree still has. An exception that nothing needs fails the check.
   */
  readonly exceptions: readonly Exception[]
}

export interface Exception {
  readonly from: string
  readonly to: string
  readonly kind: 'value' | 'type'
  readonly reason: string
}

export const ALL = '*'

/** From top to bottom: each room may import those below it, and the files of `base`. */
function downwards(rooms: readonly string[], base: readonly string[]): Record<string, readonly string[]> {
  return Object.fromEntries(rooms.map((room, at) => [room, [...rooms.slice(at + 1), ...base]]))
}

const CORE: Rooms = {
  folder: 'packages/core/src',
  doors: ['node-api.ts', 'ports.ts', 'hooks.ts', 'events.ts', 'errors.ts', 'socket.ts', 'limits.ts'],
  values: {
    'index.ts': [ALL],
    'node-api.ts': [],
    'ports.ts': [],
    'hooks.ts': [],
    'events.ts': [],
    'errors.ts': [],
    'socket.ts': [],
    'limits.ts': [],
    ...downwards(
      ['node', 'drain', 'handlers', 'subscription', 'channel', 'connection', 'outbox', 'namespaces', 'util'],
      ['ports.ts', 'events.ts', 'errors.ts', 'limits.ts'],
    ),
    memory: ['ports.ts'],
  },
  types: { 'node-api.ts': ['namespaces'] },
  exceptions: [],
}

const REDIS: Rooms = {
  folder: 'packages/redis/src',
  doors: ['keys.ts', 'options.ts', 'scripts.ts', 'unavailable.ts'],
  values: {
    'index.ts': [ALL],
    'cluster.ts': [ALL],
    'health.ts': ['bus', 'server'],
    'options.ts': [],
    'keys.ts': [],
    'scripts.ts': [],
    'unavailable.ts': [],
    ...downwards(
      ['membership', 'presence', 'streams', 'bus', 'slots', 'server', 'turn', 'ioredis-internals'],
      ['keys.ts', 'options.ts', 'scripts.ts', 'unavailable.ts'],
    ),
    chat: ['server', 'slots'],
  },
  exceptions: [],
}

export const ROOMS: readonly Rooms[] = [CORE, REDIS]

/**
 * Files of the largest circle of imports, types included, by folder. A folder that is missing here has no
 * circle.
 */
export const CIRCLES: Readonly<Record<string, number>> = {
  'packages/core/src': 2,
}

/** Files outside an `internals/` room that touch private members of dependencies, with the reason. */
export const POKES: Readonly<Record<string, string>> = {}
