/** Tables of a page. */
export function markdown(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...body.map(line)].join('\n')
}

/**
 * `text` with the content between the marks of `name` replaced. A name without marks gets a chapter at the
 * end.
 */
export function between(text: string, name: string, content: string): string {
  const [from, to] = [`<!-- ${name} -->`, `<!-- end ${name} -->`]
  const [start, end] = [text.indexOf(from), text.indexOf(to)]
  if (start < 0 && end < 0) return `${text.trimEnd()}\n\n## ${name}\n\n${from}\n${content}\n${to}\n`
  if (end < start || start < 0) throw new Error(`the marks of ${name} are not a pair`)
  return `${text.slice(0, start + from.length)}\n${content}\n${text.slice(end)}`
}

/** `2026-11-21 14:55 UTC`. */
export function when(at: string): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`
}
