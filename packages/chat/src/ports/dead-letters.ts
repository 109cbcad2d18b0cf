import type { StreamEntry } from './events.ts'
import type { Page, PageCall } from './page.ts'

/** Failed deliveries and tasks, with the reason. */
export interface DeadLetters {
  /** False when the key `once` was added before. */
  add(once: string, text: string): Promise<boolean>
  /** Oldest first. */
  list(page: PageCall): Promise<Page<StreamEntry>>
  get(id: string): Promise<string | undefined>
  remove(id: string): Promise<boolean>
}
