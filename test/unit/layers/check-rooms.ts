/** The rule of the rooms: every import within a package that has rooms, against its table. */
import { posix } from 'node:path'
import { importsOf } from './imports.ts'
import { ALL, type Exception, type Rooms } from './rooms.ts'
import { isTestPath, type Source } from './source.ts'

/** Sentences of the form `path:line problem`. */
export function checkRooms(sources: readonly Source[], packages: readonly Rooms[]): string[] {
  return packages.flatMap((rooms) => checkPackage(sources, rooms))
}

interface Arrow {
  readonly at: string
  readonly from: string
  readonly to: string
  readonly kind: 'value' | 'type'
}

function checkPackage(sources: readonly Source[], rooms: Rooms): string[] {
  const own = sources.filter(({ path }) => path.startsWith(`${rooms.folder}/`) && !isTestPath(path))
  const arrows = own.flatMap((source) => arrowsOf(source, rooms.folder))
  const forbidden = arrows.filter((arrow) => !isAllowed(arrow, rooms))
  const needed = rooms.exceptions.filter((exception) => forbidden.some((arrow) => covers(exception, arrow)))
  const excused = (arrow: Arrow): boolean => needed.some((exception) => covers(exception, arrow))
  return [
    ...unknownRooms(own, rooms),
    ...forbidden
      .filter((arrow) => !excused(arrow))
      .map(
        ({ at, from, to, kind }) =>
          `${at} ${from} may not import ${kind}s of ${to}: see test/unit/layers/rooms.ts`,
      ),
    ...rooms.exceptions
      .filter((exception) => own.length > 0 && !needed.includes(exception))
      .map(
        ({ from, to, kind }) =>
          `test/unit/layers/rooms.ts:1 nothing needs the exception ${from} -> ${to} (${kind}): delete it`,
      ),
  ]
}

const covers = (exception: Exception, { from, to, kind }: Arrow): boolean =>
  exception.from === from && exception.to === to && exception.kind === kind

function arrowsOf({ path, text }: Source, folder: string): Arrow[] {
  const from = roomOf(path, folder)
  return importsOf(text)
    .map(({ specifier, line, typeOnly }) => ({
      target: posix.join(posix.dirname(path), specifier),
      relative: specifier.startsWith('.'),
      at: `${path}:${line}`,
      kind: typeOnly ? ('type' as const) : ('value' as const),
    }))
    .filter(({ target, relative }) => relative && target.startsWith(`${folder}/`))
    .map(({ target, at, kind }) => ({ at, from, to: roomOf(target, folder), kind }))
    .filter(({ to }) => to !== from)
}

/** The folder below `src`, or the file's own name. */
const roomOf = (path: string, folder: string): string => path.slice(folder.length + 1).split('/')[0] ?? ''

function isAllowed({ from, to, kind }: Arrow, { values, types = {}, doors }: Rooms): boolean {
  const allowed = values[from] ?? []
  if (allowed.includes(ALL) || allowed.includes(to)) return true
  return kind === 'type' && (doors.includes(to) || types[from]?.includes(to) === true)
}

function unknownRooms(sources: readonly Source[], { folder, values }: Rooms): string[] {
  const rooms = new Map(sources.map(({ path }) => [roomOf(path, folder), path]))
  return [...rooms]
    .filter(([room]) => values[room] === undefined)
    .map(([room, path]) => `${path}:1 room ${room} is in no row of test/unit/layers/rooms.ts`)
}
