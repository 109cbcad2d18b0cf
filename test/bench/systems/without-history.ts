/** A system whose channels keep no history, also where a row asks for it. */
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
