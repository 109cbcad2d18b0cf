/**
 * Circles of imports, types included: files of which each can be reached from each. Node runs a circle of
 * types, but none of its files can be understood alone. Tarjan's algorithm finds them in one pass.
 */
import { posix } from 'node:path'
import { importsOf } from './imports.ts'
import { isTestPath, type Source } from './source.ts'

/** `path:line problem` for each circle that is larger than the number of its folder. */
export function checkCircles(sources: readonly Source[], limits: Readonly<Record<string, number>>): string[] {
  return circlesOf(sources.filter(({ path }) => !isTestPath(path))).flatMap((circle) => {
    const [path = ''] = circle
    const folder = Object.keys(limits).find((name) => path.startsWith(`${name}/`))
    const limit = folder === undefined ? 0 : (limits[folder] ?? 0)
    if (circle.length <= limit) return []
    return [`${path}:1 is in a circle of ${circle.length} files, of at most ${limit}: ${circle.join(', ')}`]
  })
}

/** Circles of two files and more, the files in alphabetical order. */
export function circlesOf(sources: readonly Source[]): string[][] {
  return new Circles(new Map(sources.map((source) => [source.path, targetsOf(source)]))).all()
}

const targetsOf = ({ path, text }: Source): string[] =>
  importsOf(text)
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => posix.join(posix.dirname(path), specifier))

class Circles {
  readonly #graph: ReadonlyMap<string, readonly string[]>
  /** Order of the first visit. */
  readonly #index = new Map<string, number>()
  readonly #stack: string[] = []
  readonly #found: string[][] = []

  constructor(graph: ReadonlyMap<string, readonly string[]>) {
    this.#graph = graph
  }

  all(): string[][] {
    for (const path of this.#graph.keys()) if (!this.#index.has(path)) this.#visit(path)
    return this.#found
  }

  /** Returns the index of the earliest file on the stack that can be reached from here. */
  #visit(path: string): number {
    const index = this.#index.size
    let low = index
    this.#index.set(path, index)
    this.#stack.push(path)
    for (const target of this.#graph.get(path) ?? []) {
      if (!this.#graph.has(target)) continue
      if (!this.#index.has(target)) low = Math.min(low, this.#visit(target))
      else if (this.#stack.includes(target)) low = Math.min(low, this.#index.get(target) ?? low)
    }
    if (low === index) this.#close(path)
    return low
  }

  #close(path: string): void {
    const circle = this.#stack.splice(this.#stack.indexOf(path))
    if (circle.length > 1) this.#found.push(circle.toSorted())
  }
}
