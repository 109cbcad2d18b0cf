/**
 * The systems of one run: those of the row that `--systems` selects, and those that `--tree` and `--variant`
 * add.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Options, TreeOption } from '../options.ts'
import type { Row } from '../rows/row.ts'
import { skein, type Tree } from './skein.ts'
import type { System } from './system.ts'

/** Throws when a name is unknown in all rows, is used twice, or when a row has systems of its own only. */
export function chooseSystems(
  rows: readonly Row[],
  options: Pick<Options, 'systems' | 'trees' | 'variants'>,
): (row: Row) => readonly System[] {
  const { systems: names } = options
  const added = addedSystems(options)
  const known = new Set(rows.flatMap(({ systems }) => systems.map(({ name }) => name)))
  const unknown = names.filter((name) => !known.has(name))
  if (unknown.length > 0)
    throw new Error(`unknown system ${unknown.join(', ')}; these rows measure ${[...known].join(', ')}`)
  const taken = added
    .map(({ name }) => name)
    .filter((name, at, all) => known.has(name) || all.indexOf(name) !== at)
  if (taken.length > 0) throw new Error(`the name ${taken.join(', ')} is taken; give the system another name`)
  const fixed = rows.find((row) => row.fixed === true)
  if (fixed !== undefined && names.length + added.length > 0)
    throw new Error(`row ${fixed.name} has systems of its own; it takes no --systems, --tree, --variant`)
  return ({ systems }) => [
    ...systems.filter(({ name }) => names.length === 0 || names.includes(name)),
    ...added,
  ]
}

function addedSystems({ trees, variants }: Pick<Options, 'trees' | 'variants'>): readonly System[] {
  const checkouts = new Map(trees.map((tree) => [tree.name, checkout(tree)]))
  const ofTrees = [...checkouts.values()].map((tree) =>
    skein({ name: tree.name, label: `Skein of the tree ${tree.name}`, tree }),
  )
  const ofVariants = variants.map(({ name, tree: of, env }) => {
    const tree = of === undefined ? undefined : checkouts.get(of)
    if (of !== undefined && tree === undefined)
      throw new Error(`--variant ${name}: no --tree is called ${of}`)
    return skein({ name, label: `Skein, ${name}`, env, ...(tree !== undefined && { tree }) })
  })
  return [...ofTrees, ...ofVariants]
}

function checkout({ name, path }: TreeOption): Tree {
  const root = resolve(path)
  const node = join(root, 'node_modules/node/bin/node')
  for (const file of [join(root, 'apps/node/src/main.ts'), node]) {
    if (!existsSync(file)) throw new Error(`--tree ${name}: ${file} does not exist`)
  }
  return { name, root, node }
}
