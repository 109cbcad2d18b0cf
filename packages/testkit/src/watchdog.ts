/**
 * Outlives the test run by a second to end the processes that it left. Reads `+pid` and `-pid` lines, and
 * acts when its input ends, SIGKILL of the run included. Run as a program by `child.ts`.
 */
import { createInterface } from 'node:readline'

/** nginx gets SIGTERM first: SIGKILL would leave its workers behind. */
const GRACE_MS = 1000

const left = new Set<number>()
// A Ctrl-C on the terminal reaches the whole process group; the watchdog's work begins then.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined)

const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  const pid = Number(line.slice(1))
  if (line.startsWith('+')) left.add(pid)
  else left.delete(pid)
})
lines.on('close', () => {
  for (const pid of left) send(pid, 'SIGTERM')
  setTimeout(() => {
    for (const pid of left) send(pid, 'SIGKILL')
  }, GRACE_MS)
})

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // The process has exited already.
    left.delete(pid)
  }
}
