/** Plots as SVG text, without a library: bars that compare systems, and lines over a growing load. */

const WIDTH = 760
const BAR = 26
/**
 * Width for the labels of bars: that of the longest, by the mean width of a letter of 13 px in wide fonts.
 */
const LEAST_LEFT = 250
const LETTER = 7
const FONT = 'font-family="system-ui, sans-serif"'
/** Readable on light and dark pages alike. */
const INK = '#7a7f87'
const BARS = { ours: '#2f81f7', others: '#9aa4b2', floor: '#d4b483' } as const
const LIMIT = '#d1242f'
const LINES = ['#2f81f7', '#bf8700', '#1a7f37', '#8250df', '#d1242f', '#57606a'] as const

export interface BarsOf {
  readonly title: string
  readonly unit: string
  readonly digits: number
  readonly bars: readonly {
    readonly label: string
    readonly value: number
    readonly least: number
    readonly most: number
    readonly color: keyof typeof BARS
  }[]
  /** The budget, where there is one. */
  readonly limit?: number
}

/** One bar for each system, with the spread of its rounds. */
export function bars({ title, unit, digits, bars: all, limit }: BarsOf): string {
  const top = Math.max(...all.map(({ most }) => most), limit ?? 0) * 1.15
  const left = Math.max(LEAST_LEFT, ...all.map(({ label }) => label.length * LETTER + 20))
  const x = (value: number): number => left + (value / top) * (WIDTH - left - 70)
  const height = 66 + all.length * BAR + 10
  const rows = all.map(({ label, value, least, most, color }, at) => {
    const y = 60 + at * BAR
    const middle = y + 9
    return [
      text(left - 10, middle + 4, label, 'end'),
      `<rect x="${left}" y="${y}" width="${round(x(value) - left)}" height="18" fill="${BARS[color]}"/>`,
      `<line x1="${round(x(least))}" x2="${round(x(most))}" y1="${middle}" y2="${middle}" stroke="${INK}" stroke-width="2"/>`,
      text(round(x(most)) + 8, middle + 4, value.toFixed(digits)),
    ].join('')
  })
  const mark =
    limit === undefined
      ? ''
      : `<line x1="${round(x(limit))}" x2="${round(x(limit))}" y1="54" y2="${height - 8}" stroke="${LIMIT}" stroke-dasharray="4 3"/>`
  return svg(height, `${text(10, 22, title, 'start', 15)}${text(10, 42, unit)}${rows.join('')}${mark}`)
}

export interface LinesOf {
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  readonly lines: readonly {
    readonly label: string
    readonly points: readonly (readonly [x: number, y: number])[]
  }[]
}

/** Curves over a logarithmic x axis. */
export function lines({ title, xLabel, yLabel, lines: all }: LinesOf): string {
  const height = 360
  const points = all.flatMap((line) => line.points)
  const xs = points.map(([x]) => Math.log10(x))
  const [low, high] = [Math.min(...xs), Math.max(...xs)]
  const top = roundTop(Math.max(...points.map(([, y]) => y)))
  const px = (x: number): number => 70 + ((Math.log10(x) - low) / Math.max(high - low, 1e-9)) * (WIDTH - 240)
  const py = (y: number): number => height - 50 - (y / top) * (height - 120)
  const drawn = all.map(({ label, points: own }, at) => {
    const color = LINES[at % LINES.length] ?? INK
    const path = own.map(([x, y]) => `${round(px(x))},${round(py(y))}`).join(' ')
    const dots = own.map(
      ([x, y]) => `<circle cx="${round(px(x))}" cy="${round(py(y))}" r="3" fill="${color}"/>`,
    )
    const name = `<text x="${WIDTH - 150}" y="${60 + at * 20}" ${FONT} font-size="13" fill="${color}">${escaped(label)}</text>`
    return `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="2"/>${dots.join('')}${name}`
  })
  const ticks = [...new Set(points.map(([x]) => x))].map((x) =>
    text(round(px(x)), height - 32, x.toLocaleString('en'), 'middle', 11),
  )
  const marks = [0, 0.25, 0.5, 0.75, 1].map(
    (part) =>
      `<line x1="70" x2="${WIDTH - 170}" y1="${round(py(top * part))}" y2="${round(py(top * part))}" stroke="${INK}" stroke-opacity="0.25"/>` +
      text(62, round(py(top * part)) + 4, String(Number((top * part).toPrecision(3))), 'end', 11),
  )
  return svg(
    height,
    `${text(10, 22, title, 'start', 15)}${text(10, 42, yLabel)}${marks.join('')}${ticks.join('')}${text(350, height - 10, xLabel, 'middle')}${drawn.join('')}`,
  )
}

/** The next of 1, 2, 4, 6, 8 times a power of ten: the quarters of an axis are short numbers. */
function roundTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(most, 1e-9)))
  return power * ([1, 2, 4, 6, 8].find((step) => step * power >= most) ?? 10)
}

function svg(height: number, inner: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">${inner}</svg>\n`
}

function text(x: number, y: number, content: string, anchor = 'start', size = 13): string {
  return `<text x="${x}" y="${y}" ${FONT} font-size="${size}" fill="${INK}" text-anchor="${anchor}">${escaped(content)}</text>`
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

const round = (value: number): number => Math.round(value * 10) / 10
