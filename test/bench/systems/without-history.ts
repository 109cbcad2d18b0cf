/** A system whose channels keep nothing, also where a row asks for history. */
import type { System } from './system.ts'

export function withoutHistory(system: System): System {
  return {
    ...system,
    start: async (options) => {
      const running = await system.start(options)
      return { ...running, channel: (name) => running.channel(name, false) }
    },
  }
}
