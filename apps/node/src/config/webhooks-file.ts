/**
 * Reads the webhooks file, `SKEIN_WEBHOOKS`: YAML, of which JSON is a subset. It holds secrets, so no problem
 * quotes a value.
 */
import { INTEGRATION_EVENTS } from '@skein/chat'
import Type, { type Static } from 'typebox'
import { parse, YAMLParseError } from 'yaml'
import type { Problem } from './problem.ts'
import type { Settings } from './schema.ts'
import { schemaProblems } from './schema-problems.ts'

const WebhookSchema = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z0-9][a-z0-9_-]{0,63}$',
      description: 'write a name of at most 64 lower-case letters, digits, - and _',
    }),
    url: Type.String({ description: 'write the URL that receives the events' }),
    secret: Type.String({ minLength: 16, description: 'make one with `openssl rand -hex 32`' }),
    events: Type.Optional(
      Type.Array(Type.Union(INTEGRATION_EVENTS.map((type) => Type.Literal(type))), {
        minItems: 1,
        description: 'list types of docs/reference/chat.md, or omit it for all',
      }),
    ),
  },
  { additionalProperties: false, description: 'write name, url and secret; see docs/reference/chat.md' },
)
const WebhooksSchema = Type.Array(WebhookSchema, {
  description: 'write a list of webhooks; see docs/reference/chat.md',
})

/** A configured webhook. */
export type WebhookTarget = Readonly<Static<typeof WebhookSchema>>

const VARIABLE = 'SKEIN_WEBHOOKS'
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** The webhooks; none if there is a problem or no path. */
export function readWebhooks(
  path: string,
  env: Settings['env'],
  readFile: (path: string) => string,
  problems: Problem[],
): readonly WebhookTarget[] {
  if (path === '') return []
  const document = readDocument(path, readFile)
  if ('wrong' in document) {
    problems.push(document)
    return []
  }
  const found = [...schemaProblems(WebhooksSchema, document.list), ...ruleProblems(document.list, env)]
  problems.push(...found.map((one) => ({ ...one, where: `${VARIABLE} ${one.where}`.trimEnd() })))
  return found.length > 0 ? [] : (document.list as WebhookTarget[])
}

function readDocument(
  path: string,
  readFile: (path: string) => string,
): { readonly list: unknown } | Problem {
  const instead = 'give the path of a YAML or JSON file'
  let text: string
  try {
    text = readFile(path)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { where: VARIABLE, wrong: `cannot read "${path}": ${reason}`, instead }
  }
  try {
    return { list: parse(text) }
  } catch (error) {
    // The parser's message may quote a line that holds a secret.
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined
    const at = line === undefined ? '' : `, line ${line}`
    return { where: VARIABLE, wrong: `"${path}" is not YAML${at}`, instead }
  }
}

/**
 * The rules that a schema cannot express. Checks every webhook of the right shape, so that all problems
 * appear together.
 */
function ruleProblems(list: unknown, env: Settings['env']): Problem[] {
  if (!Array.isArray(list)) return []
  const entries = list.map((one: unknown) => (typeof one === 'object' && one !== null ? one : {}))
  const names = entries.map((one) => ('name' in one ? one.name : undefined))
  return entries.flatMap((one, at) => [
    ...('url' in one && typeof one.url === 'string' ? urlProblems(`${at}.url`, one.url, env) : []),
    ...(typeof names[at] === 'string' && names.indexOf(names[at]) < at
      ? [{ where: `${at}.name`, wrong: 'is taken already', instead: 'give each webhook its own name' }]
      : []),
  ])
}

function urlProblems(where: string, text: string, env: Settings['env']): Problem[] {
  if (!URL.canParse(text)) {
    return [{ where, wrong: 'is not a URL', instead: 'write https://host/path' }]
  }
  const url = new URL(text)
  const local = env === 'development' && url.protocol === 'http:' && LOOPBACK.has(url.hostname)
  const problems: Problem[] = []
  if (url.protocol !== 'https:' && !local)
    problems.push({
      where,
      wrong: 'is not https',
      instead: 'write https://…; http is for this machine, in development',
    })
  if (url.username !== '' || url.password !== '')
    problems.push({ where, wrong: 'holds credentials', instead: 'leave them out: events are signed' })
  return problems
}
