/** `npm run bench`: measures Skein and its peers side by side; see docs/performance.md. */
import { writeFile } from 'node:fs/promises'
import { startRedis } from '@skein/testkit'
import { curves } from './curves/curves.ts'
import { machine } from './measure/machine.ts'
import { million } from './million/million.ts'
import { inWords } from './million/words.ts'
import { type Options, parseOptions } from './options.ts'
import { runOf } from './report/million-runs.ts'
import { writePages } from './report/page.ts'
import type { Run } from './report/results.ts'
import { type RowSummary, summarize } from './report/summary.ts'
import { table } from './report/table.ts'
import { ROWS } from './rows/index.ts'
import type { Row } from './rows/row.ts'
import { chooseSystems } from './systems/chosen.ts'

try {
  await main(parseOptions(process.argv.slice(2)))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function main(options: Options): Promise<void> {
  if (options.list) {
    for (const { name, title } of ROWS) console.log(`${name.padEnd(16)} ${title}`)
    return
  }
  if (options.what === 'million') {
    const report = await million(options)
    console.log(inWords(report))
    await write(options, { million: report })
    const { complete, note } = runOf(new Date().toISOString(), report)
    if (complete) return
    console.log(`\nthe million is not complete: ${note}`)
    process.exitCode = 1
    return
  }
  if (options.what === 'curves') {
    await write(options, { curves: await curves(options.only, options.seconds) })
    return
  }
  const { rows, failed } = await measureAll(chosen(options), options)
  if (failed.length > 0) {
    console.log(`\nrows without a result: ${failed.join(', ')}`)
    process.exitCode = 1
  }
  const missed = rows.flatMap(({ name, budgets }) =>
    budgets.filter(({ met }) => !met).map(({ text }) => `${name}: ${text}`),
  )
  if (missed.length === 0) return
  console.log(`\nbudgets not met:\n${missed.map((text) => `  ${text}`).join('\n')}`)
  process.exitCode = 1
}

function chosen({ only }: Options): readonly Row[] {
  const unknown = only.filter((name) => !ROWS.some((row) => row.name === name))
  if (unknown.length > 0) throw new Error(`no row is called ${unknown.join(', ')}; --list shows them`)
  return only.length === 0 ? ROWS : ROWS.filter(({ name }) => only.includes(name))
}

interface AllMeasured {
  readonly rows: readonly RowSummary[]
  /** Rows that ended in an error. */
  readonly failed: readonly string[]
}

/** Writes the results after each row: an error in a row loses no other row. */
async function measureAll(rows: readonly Row[], options: Options): Promise<AllMeasured> {
  const systemsOf = chooseSystems(rows, options)
  const summaries: RowSummary[] = []
  const failed: string[] = []
  const startedAt = performance.now()
  for (const [at, row] of rows.entries()) {
    const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1)
    console.log(`\n${row.name} … (${at + 1} of ${rows.length}, ${minutes} minutes so far)`)
    try {
      const summary = await measureRow({ ...row, systems: systemsOf(row) }, options)
      summaries.push(summary)
      console.log(table(summary))
      await write(options, { rows: summaries })
    } catch (error) {
      failed.push(row.name)
      console.error(error)
    }
  }
  return { rows: summaries, failed }
}

/** Each row has a Redis of its own, without the data of another row. */
async function measureRow(row: Row, { seconds, rounds }: Options): Promise<RowSummary> {
  const redis = await startRedis()
  try {
    const measurements = await row.run({
      systems: row.systems,
      redisUrl: redis.url,
      redisPid: () => redis.pid(),
      incarnationsOver: async (prefix) =>
        Number((await redis.command('HLEN', `${prefix}:@{members}:over`)).slice(1)),
      seconds,
      rounds,
      say: (text) => console.log(text),
    })
    return summarize(row, measurements)
  } finally {
    await redis.stop()
  }
}

async function write({ json, page }: Options, what: Pick<Run, 'rows' | 'million' | 'curves'>): Promise<void> {
  const command = ['npm run bench --', ...process.argv.slice(2)].join(' ')
  const run = { at: new Date().toISOString(), machine: machine(), command, ...what }
  const text = `${JSON.stringify(run, null, 2)}\n`
  if (json !== undefined) await writeFile(json, text)
  if (page) writePages([JSON.parse(text) as Run])
}
