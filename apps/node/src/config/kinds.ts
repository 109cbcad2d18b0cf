/**
 * The kinds of settings: they parse the text of an environment variable and print a value. A schema property
 * carries its kind as an annotation. One table is therefore type, validation and documentation.
 */
import Type, { type TSchema } from 'typebox'

export type Kind = 'text' | 'secret' | 'url' | 'flag' | 'count' | 'duration' | 'size' | 'list' | 'choice'

/** Annotations of a property of {@link ConfigSchema}, besides JSON Schema. */
export interface Annotated {
  readonly kind: Kind
  readonly description: string
  readonly default: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly choices?: readonly string[]
  /** Meaning of an empty value, for the documents. */
  readonly whenEmpty?: string
}

interface Range {
  readonly min?: number
  readonly max?: number
}

const range = ({ min = 0, max = Number.MAX_SAFE_INTEGER }: Range) => ({ minimum: min, maximum: max })

export const text = (initial: string, description: string, whenEmpty?: string) =>
  Type.String({ kind: 'text', default: initial, description, ...(whenEmpty && { whenEmpty }) })

export const secret = (description: string, whenEmpty?: string) =>
  Type.String({ kind: 'secret', default: '', description, ...(whenEmpty && { whenEmpty }) })

export const url = (description: string, pattern: string, whenEmpty?: string) =>
  Type.String({ kind: 'url', default: '', pattern, description, ...(whenEmpty && { whenEmpty }) })

export const flag = (initial: boolean, description: string) =>
  Type.Boolean({ kind: 'flag', default: initial, description })

export const count = (initial: number, description: string, bounds: Range = {}) =>
  Type.Integer({ kind: 'count', default: initial, description, ...range(bounds) })

/** Milliseconds as a value, `25s` as text. */
export const duration = (initial: string, description: string, bounds: Range = {}) =>
  Type.Integer({ kind: 'duration', default: milliseconds(initial), description, ...range(bounds) })

/** Bytes as a value, `64KiB` as text. */
export const size = (initial: string, description: string, bounds: Range = {}) =>
  Type.Integer({ kind: 'size', default: bytes(initial), description, ...range(bounds) })

export const list = (description: string, whenEmpty: string) =>
  Type.Array(Type.String(), { kind: 'list', default: [], description, whenEmpty })

export const choice = <const T extends string[]>(
  choices: readonly [...T],
  initial: T[number],
  description: string,
) => Type.Enum(choices, { kind: 'choice', choices, default: initial, description })

const DURATION_UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const SIZE_UNITS = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }

/** Parses `1h`, `25s`, `500ms`, `0`; NaN for other text. `skein token --ttl` uses it as well. */
export function milliseconds(written: string): number {
  if (written === '0') return 0
  return inUnits(written, /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/, DURATION_UNITS)
}

/** Parses `64KiB`, `1MiB`, `512B`, `512`; NaN for other text. */
export function bytes(written: string): number {
  if (/^\d+$/.test(written)) return Number(written)
  return inUnits(written, /^(\d+)(B|KiB|MiB|GiB)$/, SIZE_UNITS)
}

function inUnits(written: string, shape: RegExp, units: Readonly<Record<string, number>>): number {
  const [, amount, unit] = shape.exec(written) ?? []
  return Math.round(Number(amount) * (units[unit ?? ''] ?? Number.NaN))
}

function withUnit(value: number, units: Readonly<Record<string, number>>): string {
  const fitting = Object.entries(units).filter(([, factor]) => value % factor === 0)
  const [unit, factor] = fitting.at(-1) ?? ['', 1]
  return value === 0 ? '0' : `${value / factor}${unit}`
}

/** The value as text of the variable. The caller hides secrets: see `print.ts`. */
export function written(kind: Kind, value: unknown): string {
  if (kind === 'duration') return withUnit(Number(value), DURATION_UNITS)
  if (kind === 'size') return withUnit(Number(value), SIZE_UNITS)
  if (Array.isArray(value)) return value.join(',')
  return String(value)
}

/** Result of parsing a variable: its value, or the mistake and the remedy. */
export type Read = { readonly value: unknown } | { readonly wrong: string; readonly instead: string }

const FLAGS: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false }

/** Parses the text of a variable to a value of its kind. */
export function read(kind: Kind, from: string): Read {
  switch (kind) {
    case 'flag':
      return FLAGS[from] === undefined
        ? { wrong: `"${from}" is neither true nor false`, instead: 'write true or false' }
        : { value: FLAGS[from] }
    case 'count':
      return /^-?\d+$/.test(from)
        ? { value: Number(from) }
        : { wrong: `"${from}" is not a whole number`, instead: 'write digits only' }
    case 'duration':
      return measured(
        milliseconds(from),
        from,
        'duration',
        'write a number with its unit: 500ms, 25s, 5m, 1h',
      )
    case 'size':
      return measured(bytes(from), from, 'size', 'write bytes, or a number with its unit: 512B, 64KiB, 1MiB')
    case 'list':
      return {
        value: from
          .split(',')
          .map((item) => item.trim())
          .filter((item) => item !== ''),
      }
    default:
      return { value: from }
  }
}

function measured(value: number, from: string, noun: string, instead: string): Read {
  return Number.isNaN(value) ? { wrong: `"${from}" is not a ${noun}`, instead } : { value }
}

/** The annotations of a property whose schema this file made. */
export function annotations(schema: TSchema): Annotated {
  return schema as unknown as Annotated
}
