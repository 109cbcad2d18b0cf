/** The `skein` process: signals, streams, exit code. `cli.ts` has the rest. */
import { run } from './cli.ts'

const stop = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => stop.abort(name))
}
// A closed reader (`skein sub … | head`) ends the command without an error.
process.stdout.on('error', () => process.exit(0))

process.exitCode = await run(process.argv.slice(2), {
  // biome-ignore lint/style/noProcessEnv: the only reader of the environment in the CLI; commands receive it
  env: process.env,
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  signal: stop.signal,
})
