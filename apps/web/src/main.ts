/** `npm run build -w @skein/web`: builds the app unless it is current. */
import { ensureBuilt } from './build.ts'

const built = await ensureBuilt()
console.log(built ? 'the web app is built' : 'the web app is up to date')
