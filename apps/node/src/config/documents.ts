/**
 * Writes docs/reference/configuration.md, docs/reference/namespaces.md and .env.example from the schemas. A
 * test compares the files.
 */
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

A node reads its settings from environment variables when it starts. With an invalid setting it does not start: one
message lists every problem with its remedy. An empty variable counts as absent. An unknown \`SKEIN_\` variable is a
problem as well, except \`SKEIN_NGINX_*\` (see docs/operations/nginx.md) and the variables that Kubernetes sets for Services.

Kinds: a *duration* is a number with a unit (\`500ms\`, \`25s\`, \`5m\`, \`1h\`); a *size* is a number of bytes, or a number
with a unit (\`512B\`, \`64KiB\`, \`1MiB\`); a *flag* is \`true\` or \`false\`; a *list* is comma-separated.

\`npx skein config --print\` prints the effective settings without secrets. Namespaces have a file of their own:
[namespaces.md](namespaces.md). This page is generated from \`apps/node/src/config/schema.ts\`.

| variable | kind | default | meaning |
|---|---|---|---|
`

const ENV_HEAD = `# Settings of a node with their defaults. Copy to .env and uncomment the ones to change. See docs/reference/configuration.md.
`

const NAMESPACES_PAGE = `# Namespaces

The part of a channel's name before the first colon is its namespace: \`room:lobby\` is in \`room\`. The namespace decides
on the history and the permissions of its channels. The namespaces are a YAML or JSON file whose path is
\`SKEIN_CONFIG\`. Every node of a cluster must have the same file. Channels of other namespaces are rejected with error 102.

| part of the file | meaning |
|---|---|
%PARTS%

## Options

For each namespace, for \`withoutNamespace\` and for \`personal\`:

| option | values | default | meaning |
|---|---|---|---|
%OPTIONS%

\`recovery\` requires history, and \`joinLeave\` requires presence. Otherwise the node does not start and logs the reason.

## The namespaces of development

The default with \`SKEIN_ENV=development\` and without a file, and a template for your own:

\`\`\`yaml
%EXAMPLE%
\`\`\`
`
