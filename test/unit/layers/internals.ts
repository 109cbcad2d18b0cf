/** The rule of foreign internals: private members of dependencies are touched in `internals/` rooms only. */
import { importsOf, withoutComments } from './imports.ts'
import { isTestPath, type Source } from './source.ts'

/** `socket/internals/`, `ioredis-internals/`. */
const INTERNALS = /\/([a-z]+-)?internals\//

/**
 * Forms of a poke. Our own private members are `#names`: an underscore belongs to a dependency. Parameters
 * such as `_unused` are no members and match none of the forms.
 */
const POKES = [
  // socket._handle, this._events
  /\._[A-Za-z]\w*/g,
  // const { _handle: handle } = socket, { _handle?: Handle }
  /(?<=[{;,]\s*)_[A-Za-z]\w*\??:(?=[^()]*\})/g,
  // socket['_handle']
  /(?<=\[)['"]_[A-Za-z]\w*['"](?=\])/g,
  // declare private _events: …
  /(?<=\b(?:declare|private|protected|public|readonly)\s+)_[A-Za-z]\w*/g,
  /\bgetOwnPropertySymbols\b/g,
]

/** A file of a dependency that is not its door: `ws/lib/sender.js`. */
const DEEP = /^(?!@skein\/|\.|node:)(@[^/]+\/)?[^/]+\/(lib|built|dist|src)\//

/**
 * `path:line problem`, for every poke outside. `exceptions`: files that are still allowed, with the reason.
 */
export function checkInternals(
  sources: readonly Source[],
  exceptions: Readonly<Record<string, string>>,
): string[] {
  const problems = new Map<string, string[]>()
  for (const { path, text } of sources) {
    if (isTestPath(path) || INTERNALS.test(path)) continue
    const found = pokesOf(text).map(
      ({ line, name }) =>
        `${path}:${line} touches ${name}: private members of dependencies belong in an internals/ room`,
    )
    if (found.length > 0) problems.set(path, found)
  }
  const unneeded = Object.keys(exceptions).filter(
    (path) => !problems.has(path) && sources.some((source) => source.path === path),
  )
  return [
    ...[...problems].flatMap(([path, found]) => (exceptions[path] === undefined ? found : [])),
    ...unneeded.map((path) => `test/unit/layers/rooms.ts:1 nothing needs the exception ${path}: delete it`),
  ]
}

function pokesOf(source: string): { line: number; name: string }[] {
  const text = withoutComments(source)
  const lineOf = (index: number): number => text.slice(0, index).split('\n').length
  const members = POKES.flatMap((form) =>
    [...text.matchAll(form)].map((match) => ({ line: lineOf(match.index), name: match[0] })),
  )
  const deep = importsOf(source)
    .filter(({ specifier }) => DEEP.test(specifier))
    .map(({ specifier, line }) => ({ line, name: specifier }))
  return [...members, ...deep]
}
