/**
 * Prints the folders of a workspace and of its workspace dependencies, one per line. The image contains only
 * these, because `npm ci --workspace` would install the dependencies of every workspace, test tools included.
 */
import { globSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'

const read = (file) => JSON.parse(readFileSync(file, 'utf8'))
const manifests = new Map(
  globSync(read('package.json').workspaces.map((pattern) => `${pattern}/package.json`)).map((file) => {
    const { name, dependencies = {} } = read(file)
    return [name, { folder: dirname(file), dependencies: Object.keys(dependencies) }]
  }),
)

const needed = new Set([process.argv[2]])
for (const name of needed) {
  const found = manifests.get(name)
  if (found === undefined) throw new Error(`workspace ${name} does not exist`)
  console.log(found.folder)
  for (const dependency of found.dependencies) if (manifests.has(dependency)) needed.add(dependency)
}
