/** TypeBox's errors in the words of a {@link Problem}: where, what is wrong, what to write instead. */
import type { TSchema } from 'typebox'
import { Settings } from 'typebox/system'
import Value from 'typebox/value'
import { nearest } from './nearest.ts'
import type { Problem } from './problem.ts'

type ValidationError = ReturnType<typeof Value.Errors>[number]

/** Every way in which `value` is not of `schema`. Of a union only the union itself is reported. */
export function schemaProblems(schema: TSchema, value: unknown): Problem[] {
  const errors = allErrors(schema, value)
  const unions = new Set(errors.filter(({ keyword }) => keyword === 'anyOf').map((e) => e.instancePath))
  return errors
    .filter((error) => !(error.keyword === 'const' && unions.has(error.instancePath)))
    .filter((error) => error.keyword !== 'boolean')
    .flatMap((error) => problemsOf(schema, error))
}

/** TypeBox stops at 8, of which one wrong literal takes as many as its union has members. The setting is global: put back. */
function allErrors(schema: TSchema, value: unknown): ValidationError[] {
  const { maxErrors } = Settings.Get()
  Settings.Set({ maxErrors: 1000 })
  try {
    return Value.Errors(schema, value)
  } finally {
    Settings.Set({ maxErrors })
  }
}

function problemsOf(schema: TSchema, error: ValidationError): Problem[] {
  const where = dotted(error.instancePath)
  const about = at(schema, error.instancePath)
  if (error.keyword === 'additionalProperties') {
    const { additionalProperties = [] } = error.params as { additionalProperties?: readonly string[] }
    return additionalProperties.map((name) => unknownField(where, name, about))
  }
  if (error.keyword === 'anyOf') {
    return [{ where, wrong: 'is not one of its values', instead: `write ${literals(about)}` }]
  }
  return [{ where, wrong: error.message, instead: descriptionOf(about) }]
}

function unknownField(where: string, name: string, about: Loose): Problem {
  const known = Object.keys(about.properties ?? {})
  const meant = nearest(name, known)
  const names =
    known.length > 0 ? known.join(', ') : `names like ${Object.keys(about.patternProperties ?? {})}`
  const instead = meant === undefined ? `known here: ${names}` : `write ${meant}?`
  return { where: where === '' ? name : `${where}.${name}`, wrong: 'is not known here', instead }
}

/** A JSON Schema as far as this file looks into it. */
interface Loose {
  readonly properties?: Readonly<Record<string, Loose>>
  readonly patternProperties?: Readonly<Record<string, Loose>>
  readonly items?: Loose
  readonly anyOf?: readonly Loose[]
  readonly const?: unknown
  readonly description?: string
}

function at(schema: TSchema, pointer: string): Loose {
  let found: Loose = schema as Loose
  for (const step of pointer.split('/').slice(1)) {
    found = found.properties?.[step] ?? found.items ?? Object.values(found.patternProperties ?? {})[0] ?? {}
  }
  return found
}

const dotted = (pointer: string) => pointer.slice(1).replaceAll('/', '.')
const literals = (about: Loose) => (about.anyOf ?? []).map((one) => String(one.const)).join(', ')
const descriptionOf = (about: Loose) => about.description ?? 'see docs/reference/namespaces.md'
