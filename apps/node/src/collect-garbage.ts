/**
 * Lets go of what loading has left behind: modules' texts and what compiling them took are a quarter of the memory of a node
 * without connections (docs/performance.md), and V8 alone would look for them only when its heap runs short.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Takes some 50 ms in which nothing else is done: to be called once, before there are connections. */
export function collectGarbage(): void {
  // The documented way to have `gc` without a flag on the command line: contexts made from here on know it.
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  setFlagsFromString('--no-expose-gc')
  collect()
}
