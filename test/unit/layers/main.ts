/** `npm run check:layers`: layers, rooms, circles of imports and foreign internals of this repository. */
import { checkRepository } from './repository.ts'

const { files, problems } = checkRepository()
for (const problem of problems) console.error(problem)
console.log(`layers: ${files} files, ${problems.length} problems`)
if (problems.length > 0) process.exitCode = 1
