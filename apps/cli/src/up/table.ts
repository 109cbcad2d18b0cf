/** The announcement of `skein up`. Pure. */

export type Row = readonly [part: string, what: string, where: string]

export interface Announcement {
  readonly endpoint: string
  readonly port: number
  readonly rows: readonly Row[]
  readonly token: string
  readonly tokenUser: string
  /** Command that installs Redis and nginx; set if the cluster is embedded. */
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
    `Token of the user "${tokenUser}", valid for 24 hours:`,
    token,
    '',
    'Try next:',
    `  open ${endpoint} in two browser windows`,
    `  npx skein sub room:lobby --presence${option}`,
    `  npx skein publish room:lobby '{"text":"hello"}'${option}`,
    `  npx skein token --user ada${option}`,
    '',
    'Ctrl-C stops all parts and removes their data.',
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
    'EMBEDDED: no Redis. All nodes share the memory of one process. Their data is lost',
    'at exit, and the behaviour differs from a cluster of several processes.',
    `Install Redis and nginx: ${install}`,
    '*'.repeat(78),
  ]
}

/** The URL without its password. */
export function redactUrl(url: string): string {
  return url.replace(/(\/\/[^/@:]*):[^/@]*@/, '$1:***@')
}
