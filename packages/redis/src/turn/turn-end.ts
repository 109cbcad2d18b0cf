/**
 * The end of a turn of the event loop. First all that collected what was asked in the turn ask Redis for it, then everything
 * that is to be written leaves: with an immediate for each of them, what the first ask would wait for another turn.
 */

let asking: (() => void)[] = []
let writing: (() => void)[] = []
let scheduled = false

/** `ask` runs once, at the end of this turn, before anything is written. */
export function askAtTurnEnd(ask: () => void): void {
  asking.push(ask)
  schedule()
}

/** `write` runs once, at the end of this turn, behind all that ask. */
export function writeAtTurnEnd(write: () => void): void {
  writing.push(write)
  schedule()
}

function schedule(): void {
  if (scheduled) return
  scheduled = true
  setImmediate(end)
}

function end(): void {
  const asks = asking
  asking = []
  for (const ask of asks) ask()
  const writes = writing
  writing = []
  scheduled = false
  for (const write of writes) write()
}
