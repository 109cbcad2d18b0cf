/** The process behind `skein`: signals, streams, exit code. Everything else is in `cli.ts`. */
import { run } from './cli.ts'

const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => stop.abort(name))
}
// A reader that went away (`skein sub … | head`) is the end of the work, not an error.
process.stdout.on('error', () => process.exit(0))

process.exitCode = await run(process.argv.slice(2), {
  // biome-ignore lint/style/noProcessEnv: the command line's one reader of the environment; commands get it handed in
  env: process.env,
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  signal: stop.signal,
})
