/**
 * Import cycles between files by value: type-only imports are erased (Biome's noImportCycles draws the same
 * line), and `circles.ts` has a rule for them. Between packages both kinds count, by the layer table.
 */
import { posix } from 'node:path'
import { importsOf } from './imports.ts'
import type { Source } from './source.ts'

/** One sentence per cycle, at the file where it was entered. */
export function cycles(sources: readonly Source[]): string[] {
  const graph = new Map(sources.map((source) => [source.path, targetsOf(source)]))
  const done = new Set<string>()
  const found: string[] = []
  for (const start of graph.keys()) walk(graph, start, [], done, found)
  return found
}

const targetsOf = ({ path, text }: Source) =>
  importsOf(text)
    .filter(({ specifier, typeOnly }) => specifier.startsWith('.') && !typeOnly)
    .map(({ specifier }) => posix.join(posix.dirname(path), specifier))

function walk(
  graph: ReadonlyMap<string, readonly string[]>,
  at: string,
  trail: readonly string[],
  done: Set<string>,
  found: string[],
): void {
  const entered = trail.indexOf(at)
  if (entered >= 0) {
    found.push(`${at}:1 imports itself in a circle: ${[...trail.slice(entered), at].join(' -> ')}`)
    return
  }
  if (done.has(at)) return
  for (const next of graph.get(at) ?? []) walk(graph, next, [...trail, at], done, found)
  done.add(at)
}
