import type { StreamEntry } from './events.ts'
import type { Page, PageCall } from './page.ts'

/** What could not be delivered or done, with the reason. */
export interface DeadLetters {
  /** A known `once` is not added again: false. */
  add(once: string, text: string): Promise<boolean>
  /** Oldest first. */
  list(page: PageCall): Promise<Page<StreamEntry>>
  get(id: string): Promise<string | undefined>
  remove(id: string): Promise<boolean>
}
