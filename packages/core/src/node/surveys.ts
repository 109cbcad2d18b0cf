/** Surveys of all nodes. Bounded in time: a node that dies meanwhile delays a survey, but cannot fail it. */
import type { Clock, ControlMessage } from '../ports.ts'

type SurveyReply = Extract<ControlMessage, { op: 'survey_reply' }>

/** The result leaves out nodes that have not answered by then. */
const SURVEY_TIMEOUT_MS = 1000

interface Survey {
  readonly expected: Set<string>
  readonly counts: Map<string, number>
  finish(): void
}

export class Surveys {
  readonly #clock: Clock
  readonly #open = new Map<string, Survey>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * `send` sends the survey. Resolves with the sums when every node of `nodes` has answered, or after 1 s.
   */
  async run(id: string, nodes: readonly string[], send: () => Promise<void>): Promise<Map<string, number>> {
    const counts = new Map<string, number>()
    const finished = new Promise<void>((resolve) => {
      this.#open.set(id, { expected: new Set(nodes), counts, finish: resolve })
    })
    const timer = this.#clock.setTimeout(() => this.#open.get(id)?.finish(), SURVEY_TIMEOUT_MS)
    try {
      await send()
      await finished
      return counts
    } finally {
      this.#clock.clearTimeout(timer)
      this.#open.delete(id)
    }
  }

  take(reply: SurveyReply): void {
    const survey = this.#open.get(reply.id)
    if (survey === undefined || !survey.expected.delete(reply.from)) return
    for (const [channel, count] of Object.entries(reply.channels)) {
      survey.counts.set(channel, (survey.counts.get(channel) ?? 0) + count)
    }
    if (survey.expected.size === 0) survey.finish()
  }
}
