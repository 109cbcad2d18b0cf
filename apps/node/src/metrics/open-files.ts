/** Number of open files of this process, read off the event loop. */
import { opendir, stat } from 'node:fs/promises'

/** Since Linux 6.2 the size of this directory is its number of entries (proc(5)). It was 0 before. */
const DIRECTORY = '/proc/self/fd'
/** Entries of one read. Each read is one short step on the event loop. */
const ENTRIES_PER_READ = 256
const LIST_INTERVAL_MS = 60_000

export class OpenFiles {
  readonly #size: () => Promise<number>
  readonly #now: () => number
  #listed: Promise<number> | undefined
  #nextList = 0

  constructor(size = async () => (await stat(DIRECTORY)).size, now = () => performance.now()) {
    this.#size = size
    this.#now = now
  }

  /** `undefined` if the kernel does not report it. */
  async count(): Promise<number | undefined> {
    try {
      const size = await this.#size()
      return size > 0 ? size : await this.#list()
    } catch {
      return undefined // a scrape must not fail without /proc
    }
  }

  /** Lists the directory at most once a minute. */
  #list(): Promise<number> {
    const now = this.#now()
    if (this.#listed === undefined || now >= this.#nextList) {
      this.#nextList = now + LIST_INTERVAL_MS
      this.#listed = entriesOf(DIRECTORY)
    }
    return this.#listed
  }
}

async function entriesOf(path: string): Promise<number> {
  let entries = 0
  for await (const _ of await opendir(path, { bufferSize: ENTRIES_PER_READ })) entries++
  return entries - 1 // without the one that listed them
}
