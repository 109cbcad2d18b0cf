/** `npm run check:layers`: the layer rule over this repository. */
import { checkLayers } from './check.ts'
import { readManifests, readSources } from './read.ts'

const sources = readSources()
const problems = checkLayers(sources, readManifests())
for (const problem of problems) console.error(problem)
console.log(`layers: ${sources.length} files, ${problems.length} problems`)
if (problems.length > 0) process.exitCode = 1
