/** The data of a publication: the fields for the checker, and padding for the scenario. */

export interface Identity {
  readonly id: string
  /** The first attempt of its publisher. */
  readonly sent: number
}

export function writeData({ id, sent }: Identity, padding: number): string {
  return `{"i":"${id}","t":${sent.toFixed(3)},"x":"${'x'.repeat(padding)}"}`
}

const IDENTITY = /"i":"([^"]+)","t":([\d.]+)/

/** Reads it from an envelope or from data; `undefined` for data of another origin. */
export function readData(text: string): Identity | undefined {
  const match = IDENTITY.exec(text)
  return match === null ? undefined : { id: match[1] ?? '', sent: Number(match[2]) }
}
