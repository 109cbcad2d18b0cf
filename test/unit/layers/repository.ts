/** All rules over this repository. */
import { checkLayers } from './check.ts'
import { checkRooms } from './check-rooms.ts'
import { checkCircles } from './circles.ts'
import { checkInternals } from './internals.ts'
import { readManifests, readSources } from './read.ts'
import { CIRCLES, POKES, ROOMS } from './rooms.ts'

export function checkRepository(): { readonly files: number; readonly problems: readonly string[] } {
  const sources = readSources()
  const problems = [
    ...checkLayers(sources, readManifests()),
    ...checkRooms(sources, ROOMS),
    ...checkInternals(sources, POKES),
    ...checkCircles(sources, CIRCLES),
  ]
  return { files: sources.length, problems }
}
