/** docs/reference/server-api.md, written from the schemas of the methods; a test compares them. */
import type { TSchema } from 'typebox'
import { BatchReplySchema, BatchSchema } from './batch.ts'
import { METHODS } from './dispatch.ts'
import type { ApiMethod } from './method.ts'

/** A schema as JSON Schema has it: what TypeBox's types hide. */
interface Field {
  readonly type?: string
  readonly description?: string
  readonly properties?: Readonly<Record<string, Field>>
  readonly required?: readonly string[]
  readonly items?: Field
  readonly minimum?: number
  readonly maximum?: number
  readonly maxItems?: number
  readonly maxLength?: number
  readonly patternProperties?: Readonly<Record<string, Field>>
}

type Described = Pick<ApiMethod, 'name' | 'summary' | 'request' | 'result'>

const BATCH: Described = {
  name: 'batch',
  summary: 'Several commands in one request; the reply has no `result` around it',
  request: BatchSchema,
  result: BatchReplySchema,
}

export function serverApiPage(): string {
  const methods: readonly Described[] = [...METHODS, BATCH]
  const index = methods.map(({ name, summary }) => `| [\`${name}\`](#${name}) | ${firstSentence(summary)} |`)
  return [HEAD, ...index, '', ...methods.map(section)].join('\n')
}

function section({ name, summary, request, result }: Described): string {
  return [
    `## ${name}`,
    '',
    sentence(summary),
    '',
    'Request:',
    '',
    table(fieldOf(request), true),
    '',
    'Result:',
    '',
    table(fieldOf(result), false),
    '',
  ].join('\n')
}

const fieldOf = (schema: TSchema): Field => schema as Field

function table({ properties = {}, required = [] }: Field, isRequest: boolean): string {
  const rows = Object.entries(properties).map(([name, field]) => {
    const needed = required.includes(name) ? 'yes' : ''
    return `| \`${name}\` | ${shape(field)} | ${isRequest ? `${needed} | ` : ''}${text(field)} |`
  })
  if (rows.length === 0) return 'Empty.'
  const head = isRequest
    ? ['| field | type | needed | meaning |', '|---|---|---|---|']
    : ['| field | type | meaning |', '|---|---|---|']
  return [...head, ...rows].join('\n')
}

/** `{ offset, epoch }`, `string[]`, `integer`, with the bounds that the schema sets. */
function shape(field: Field): string {
  const { type, properties, items, patternProperties } = field
  if (items !== undefined) return `${shape(items)}[]${bounds(field.maxItems, 'at most')}`
  if (patternProperties !== undefined) return mapOf(Object.values(patternProperties).map(shape))
  if (properties !== undefined)
    return Object.keys(properties).length === 0 ? 'object' : `\`{ ${Object.keys(properties).join(', ')} }\``
  return `${type ?? 'any JSON'}${bounds(field.minimum, 'from')}${bounds(field.maxLength, 'at most')}`
}

const mapOf = (values: readonly string[]): string =>
  values.every((value) => value === 'any JSON') ? 'object' : `map of ${values.join(' or ')}`

const bounds = (value: number | undefined, word: string): string =>
  value === undefined ? '' : `, ${word} ${value}`

const text = ({ description = '' }: Field): string => description.replaceAll('|', '\\|')

const firstSentence = (summary: string): string => summary.split(/[:;]/)[0] ?? summary

const sentence = (summary: string): string => (summary.endsWith('.') ? summary : `${summary}.`)

const HEAD = `# Server API

Backends and operators call the cluster over HTTP. Every node serves the API on its internal port (9090) under \`/api/\`, and any
node accepts any call. Request and reply have the shapes of Centrifugo's HTTP API, so its server SDKs work. OpenAPI is at \`/docs\` of
the internal port. This page is written from \`apps/node/src/api/methods/\`.

\`\`\`sh
curl -X POST http://NODE:9090/api/publish -H 'X-API-Key: KEY' -d '{"channel":"news:today","data":{"text":"hello"}}'
\`\`\`

\`\`\`json
{"result":{"offset":7,"epoch":"cXtH"}}
\`\`\`

- The key is \`SKEIN_API_KEY\`, in \`X-API-Key: KEY\` or \`Authorization: apikey KEY\`. A wrong key is answered with 401. Without a key
  in production the API is off.
- A failed call has status 200 and an error instead of a result: \`{"error":{"code":102,"message":"unknown channel"}}\`. The codes are
  those of [codes](codes.md#errors); 100 is temporary.
- Fields without value are left out of replies. Unknown fields of a request are an error 107.
- A body has at most \`SKEIN_API_MAX_BODY\`.
- \`drain\` and \`undrain\` act on the node that is called, all other methods on the cluster.

\`rpc\` calls methods that the application added to its nodes, and those of the chat layer: \`chat.conversations\`, \`chat.sessions\`,
\`chat.dead_letters\`, \`chat.replay\` and \`chat.announce\`; see the [chat reference](chat.md#dead-letters).

| method | purpose |
|---|---|`
