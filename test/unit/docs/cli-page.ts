/** docs/reference/cli.md, written from the commands of `@skein/cli`; a test compares them. */
import { COMMANDS, type Command } from '@skein/cli'

export function cliPage(): string {
  const commands: readonly Command[] = Object.values(COMMANDS)
  const index = commands.map(({ name, summary }) => `| [\`skein ${name}\`](#skein-${name}) | ${summary} |`)
  return [HEAD, ...index, '', ...commands.map(section)].join('\n')
}

function section({ name, words, summary, options, notes }: Command): string {
  const rows = Object.entries(options).map(
    ([option, { value, text }]) =>
      `| \`--${option}${value === undefined ? '' : ` ${value}`}\` | ${text.replaceAll('|', '\\|')} |`,
  )
  return [
    `## skein ${name}`,
    '',
    '```sh',
    `npx skein ${name}${words === '' ? '' : ` ${words}`} [options]`,
    '```',
    '',
    summary,
    '',
    '| option | meaning |',
    '|---|---|',
    ...rows,
    ...(notes === undefined ? [] : ['', notes.replaceAll('\n', ' ')]),
    '',
  ].join('\n')
}

const HEAD = `# Command line

\`npx skein COMMAND\` runs in the repository after \`npm ci\`. \`npx skein COMMAND --help\` prints the same text as this page, which is
written from \`apps/cli/src/commands/\`. Results go to standard output, messages for people to standard error. The exit code is 0 for
success, 1 for a failure outside the command, 2 for a wrong command line.

\`npm start\` is \`npx skein up\`; options follow two dashes: \`npm start -- --nodes 5\`.

\`skein up\` takes each part from the first place that has it: the URL given, a binary on the PATH, a Docker engine. Without
Redis all nodes run embedded in one process, and nothing is kept.

| command | purpose |
|---|---|`
