/** `node test/unit/language/main.ts [FOLDER]`: problems per folder; with a folder, each problem of it. */
import { HELD, problemsByFolder } from './folders.ts'

const [wanted] = process.argv.slice(2)
for (const [folder, problems] of problemsByFolder()) {
  if (wanted === undefined) {
    console.log(
      `${folder.padEnd(20)} ${String(problems.length).padStart(5)}${HELD.includes(folder) ? ' held' : ''}`,
    )
  } else if (folder === wanted) for (const problem of problems) console.log(problem)
}
