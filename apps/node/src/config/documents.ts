/** docs/reference/configuration.md, docs/reference/namespaces.md and .env.example, written from the schemas; a test compares them. */
import { ChannelsSchema, NamespaceSchema } from '@skein/core'
import { stringify } from 'yaml'
import { DEV_CHANNELS } from './development.ts'
import { type Annotated, annotations, written } from './kinds.ts'
import { ConfigSchema, SETTING_NAMES, type SettingName, variableName } from './schema.ts'

const about = (name: SettingName) => annotations(ConfigSchema.properties[name])

export function configurationPage(): string {
  const rows = SETTING_NAMES.map((name) => {
    const one = about(name)
    return `| \`${variableName(name)}\` | ${typeOf(one)} | ${initial(one)} | ${one.description} |`
  })
  return `${CONFIGURATION_HEAD}${rows.join('\n')}\n`
}

function typeOf({ kind, choices, minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Annotated): string {
  if (choices !== undefined) return choices.map((choice) => `\`${choice}\``).join(' ')
  if (!['count', 'duration', 'size'].includes(kind)) return kind
  const most = maximum === Number.MAX_SAFE_INTEGER ? 'up' : `to ${written(kind, maximum)}`
  return `${kind}, ${written(kind, minimum)} ${most}`
}

function initial(one: Annotated): string {
  const text = written(one.kind, one.default)
  return text === '' ? (one.whenEmpty ?? '') : `\`${text}\``
}

export function envExample(): string {
  const entries = SETTING_NAMES.map((name) => {
    const one = about(name)
    const note = one.whenEmpty === undefined ? '' : ` Empty: ${one.whenEmpty}.`
    return `# ${one.description}${note}\n#${variableName(name)}=${written(one.kind, one.default)}\n`
  })
  return `${ENV_HEAD}\n${entries.join('\n')}`
}

export function namespacesPage(): string {
  const options = Object.entries(NamespaceSchema.properties).map(([name, schema]) => {
    const { description, default: value } = annotations(schema)
    return `| \`${name}\` | ${shape(schema)} | ${value === undefined ? 'absent' : `\`${String(value)}\``} | ${description} |`
  })
  const parts = Object.entries(ChannelsSchema.properties).map(
    ([name, schema]) => `| \`${name}\` | ${annotations(schema).description} |`,
  )
  return NAMESPACES_PAGE.replace('%PARTS%', parts.join('\n'))
    .replace('%OPTIONS%', options.join('\n'))
    .replace('%EXAMPLE%', stringify(DEV_CHANNELS).trimEnd())
}

interface Shape {
  readonly type?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly anyOf?: readonly { readonly const?: unknown }[]
}

function shape(schema: Shape): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map((one) => `\`${String(one.const)}\``).join(' ')
  if (schema.type === 'integer') return `integer, ${schema.minimum} to ${schema.maximum}`
  return schema.type ?? ''
}

const CONFIGURATION_HEAD = `# Settings of a node

A node reads its settings from environment variables, once, when it starts. If anything is wrong it does not start: one
message lists every problem and what to do about each. An empty variable counts as absent; a \`SKEIN_\` variable that is
not in this table is a problem too (except \`SKEIN_NGINX_*\`, see docs/operations/nginx.md, and what Kubernetes adds for Services).

Kinds: a *duration* is a number with its unit (\`500ms\`, \`25s\`, \`5m\`, \`1h\`); a *size* is bytes, or a number with its
unit (\`512B\`, \`64KiB\`, \`1MiB\`); a *flag* is \`true\` or \`false\`; a *list* is separated by commas.

\`npx skein config --print\` shows the settings as a node would take them, with secrets hidden. Namespaces have a file of
their own: [namespaces.md](namespaces.md). This page is written from \`apps/node/src/config/schema.ts\`.

| variable | kind | default | meaning |
|---|---|---|---|
`

const ENV_HEAD = `# Settings of a node, all at their defaults. Copy to .env, uncomment what you change. See docs/reference/configuration.md.
`

const NAMESPACES_PAGE = `# Namespaces

The part of a channel's name before the first colon is its namespace: \`room:lobby\` is in \`room\`. What a channel keeps, and
who may do what in it, is decided by its namespace alone. The table of namespaces is a YAML or JSON file whose path is
\`SKEIN_CONFIG\`; every node of a cluster must have the same. A channel outside of it is refused with error 102.

| part of the file | meaning |
|---|---|
%PARTS%

## Options

Of each namespace, of \`withoutNamespace\` and of \`personal\`:

| option | values | default | meaning |
|---|---|---|---|
%OPTIONS%

\`recovery\` and \`joinLeave\` need what they rest on: history, presence. The node does not start otherwise, and says why.

## The namespaces of development

Used when \`SKEIN_ENV=development\` and there is no file; a good start for your own:

\`\`\`yaml
%EXAMPLE%
\`\`\`
`
