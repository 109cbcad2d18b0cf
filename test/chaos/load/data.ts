/** The data of a publication: what the checker needs to know of it, and as much more as the scenario wants to weigh. */

export interface Identity {
  readonly id: string
  /** When its publisher first tried. */
  readonly sent: number
}

export function writeData({ id, sent }: Identity, padding: number): string {
  return `{"i":"${id}","t":${sent.toFixed(3)},"x":"${'x'.repeat(padding)}"}`
}

const IDENTITY = /"i":"([^"]+)","t":([\d.]+)/

/** Reads it out of an envelope or of data; `undefined` when it is not from this load. */
export function readData(text: string): Identity | undefined {
  const match = IDENTITY.exec(text)
  return match === null ? undefined : { id: match[1] ?? '', sent: Number(match[2]) }
}
