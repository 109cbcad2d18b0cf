/** What `skein up` tells when it is up. Pure. */

export type Row = readonly [part: string, what: string, where: string]

export interface Announcement {
  readonly endpoint: string
  readonly port: number
  readonly rows: readonly Row[]
  readonly token: string
  readonly tokenUser: string
  /** Set when the parts are not the real ones: the line that installs them. */
  readonly install?: string
}

export function announce({ endpoint, port, rows, token, tokenUser, install }: Announcement): string {
  const option = port === 8000 ? '' : ` --port ${port}`
  return [
    ...(install === undefined ? [] : [...embeddedNotice(install), '']),
    `Skein is up: ${endpoint}`,
    '',
    ...table([['part', 'what', 'where'], ...rows]),
    '',
    `A token for the user "${tokenUser}", good for 24 hours:`,
    token,
    '',
    'Try next:',
    `  open ${endpoint} in two browser windows`,
    `  npx skein sub room:lobby --presence${option}`,
    `  npx skein publish room:lobby '{"text":"hello"}'${option}`,
    `  npx skein token --user ada${option}`,
    '',
    'Ctrl-C stops all of it and leaves nothing.',
  ].join('\n')
}

/** Columns padded to their widest cell. */
export function table(rows: readonly Row[]): string[] {
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length))
  const [first, second] = [width(0), width(1)]
  return rows.map(([part, what, where]) =>
    `  ${part.padEnd(first)}  ${what.padEnd(second)}  ${where}`.trimEnd(),
  )
}

function embeddedNotice(install: string): string[] {
  return [
    '*'.repeat(78),
    'EMBEDDED: no Redis. All nodes share one process and its memory: what they know',
    'is lost when it ends, and nothing here shows how a cluster of machines behaves.',
    `The real parts: ${install}`,
    '*'.repeat(78),
  ]
}

/** The URL without its password. */
export function redactUrl(url: string): string {
  return url.replace(/(\/\/[^/@:]*):[^/@]*@/, '$1:***@')
}
