/** Translates TypeBox's errors to {@link Problem}s: the place, the mistake, the remedy. */
import type { TSchema } from 'typebox'
import { Settings } from 'typebox/system'
import Value from 'typebox/value'
import { nearest } from './nearest.ts'
import type { Problem } from './problem.ts'

type ValidationError = ReturnType<typeof Value.Errors>[number]

/** Every violation of `schema` by `value`. For a union only the union itself is reported. */
export function schemaProblems(schema: TSchema, value: unknown): Problem[] {
  const errors = allErrors(schema, value)
  const unions = new Set(errors.filter(({ keyword }) => keyword === 'anyOf').map((e) => e.instancePath))
  return errors
    .filter((error) => !(error.keyword === 'const' && unions.has(error.instancePath)))
    .filter((error) => error.keyword !== 'boolean')
    .flatMap((error) => problemsOf(schema, error))
}

/**
 * TypeBox stops at 8 errors by default. One wrong literal counts once for each member of its union. The
 * setting is global, and this function restores it.
 */
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

/** The part of JSON Schema that this file reads. */
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
