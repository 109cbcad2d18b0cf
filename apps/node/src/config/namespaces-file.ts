/** Reads the namespaces file, `SKEIN_CONFIG`: YAML, of which JSON is a subset. */
import { type ChannelsConfig, ChannelsSchema, channelProblems } from '@skein/core'
import { parse } from 'yaml'
import type { Problem } from './problem.ts'
import { schemaProblems } from './schema-problems.ts'

const NONE: ChannelsConfig = { namespaces: {} }

/** The namespaces; none if there is a problem. */
export function readNamespaces(
  path: string,
  readFile: (path: string) => string,
  problems: Problem[],
): ChannelsConfig {
  const read = readDocument(path, readFile)
  if ('wrong' in read) {
    problems.push({ where: 'SKEIN_CONFIG', ...read })
    return NONE
  }
  const config = withDefaults(read.document)
  const found = schemaProblems(ChannelsSchema, config)
  problems.push(...found.map((one) => ({ ...one, where: `SKEIN_CONFIG ${one.where}` })))
  if (found.length > 0) return NONE
  problems.push(...channelProblems(config as ChannelsConfig).map(split))
  return config as ChannelsConfig
}

/** Not by `Value.Default`: in TypeBox 1.4 it throws for a record that allows no other names. */
function withDefaults(document: unknown): unknown {
  const isMap = typeof document === 'object' && document !== null && !Array.isArray(document)
  return isMap ? { ...NONE, ...document } : document
}

type Document = { readonly document: unknown } | Omit<Problem, 'where'>

function readDocument(path: string, readFile: (path: string) => string): Document {
  try {
    const document: unknown = parse(readFile(path))
    return { document: document ?? {} }
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error)
    return { wrong: `cannot read "${path}": ${reason}`, instead: 'give the path of a YAML or JSON file' }
  }
}

/** Core writes a problem as `path: what is wrong: what to do`. */
function split(text: string): Problem {
  const [where = '', wrong = '', ...instead] = text.split(': ')
  return {
    where: `SKEIN_CONFIG ${where}`,
    wrong,
    instead: instead.join(': ') || 'see docs/reference/namespaces.md',
  }
}
