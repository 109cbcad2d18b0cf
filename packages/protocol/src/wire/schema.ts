/**
 * Descriptions of messages: one table of fields per message serves both encodings, so they cannot differ. The
 * tables are in `requests.ts` and `results.ts`; a test compares them with `client.proto`.
 */
import type { Payload } from '../payload.ts'
import { Malformed } from './malformed.ts'

export type Scalar = 'string' | 'bool' | 'uint32' | 'int32' | 'int64' | 'uint64' | 'data' | 'json'

export type Shape =
  /** `data` is an application's payload; `json` is bytes in Protobuf and JSON text in Skein. */
  | { readonly kind: Scalar }
  | { readonly kind: 'message'; readonly message: Message }
  /** map<string, string> */
  | { readonly kind: 'strings' }
  /** map<string, message>. `keyInto` repeats the key in each value under this name. */
  | { readonly kind: 'map'; readonly message: Message; readonly keyInto?: string }
  /** repeated Publication, kept as `StoredPublication`. */
  | { readonly kind: 'publications' }

/** Properties of all fields. `value` exists only in the type and relates the field to its property. */
interface FieldOf<V> {
  readonly no: number
  readonly shape: Shape
  /** Written in JSON even if zero (`protocol/generate.sh` of the Go implementation). */
  readonly always: boolean
  readonly value?: V
}

export interface OptionalField<V> extends FieldOf<V> {
  readonly required: false
}

/** A field that every decoded message has; a missing one has its zero value. */
export interface RequiredField<V> extends FieldOf<V> {
  readonly required: true
}

export type Field = (OptionalField<unknown> | RequiredField<unknown>) & {
  /** camelCase, as in `messages.ts`. */
  readonly name: string
  /** snake_case, as in JSON. */
  readonly wire: string
  /** `{"wire":` and `,"wire":`, prepared once. */
  readonly firstKey: string
  readonly nextKey: string
}

export interface Message {
  readonly fields: readonly Field[]
  /** Names of the fields in JSON. */
  readonly wires: readonly string[]
  readonly byNumber: ReadonlyMap<number, Field>
}

export interface MessageOf<T> extends Message {
  readonly value?: T
}

type FieldsOf<T> = {
  readonly [K in keyof T]-?: Record<never, never> extends Pick<T, K>
    ? OptionalField<Exclude<T[K], undefined>>
    : RequiredField<T[K]>
}

/** Describes `T`: every property needs a field, optional if the property is. */
export function message<T extends object>(table: FieldsOf<T>): MessageOf<T> {
  const rows = Object.entries(table) as [string, OptionalField<unknown> | RequiredField<unknown>][]
  const fields = rows.map(([name, field]) => fieldOf(name, field))
  return {
    fields,
    wires: fields.map(({ wire }) => wire),
    byNumber: new Map(fields.map((field) => [field.no, field])),
  }
}

/** One object literal, so all fields have the same hidden class. */
function fieldOf(
  name: string,
  { no, shape, always, required }: Omit<FieldOf<unknown>, 'value'> & { readonly required: boolean },
): Field {
  const wire = snakeCase(name)
  return { no, shape, always, required, name, wire, firstKey: `{"${wire}":`, nextKey: `,"${wire}":` }
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function optional<V>(no: number, shape: Shape): OptionalField<V> {
  return { no, shape, always: false, required: false }
}

export const string = (no: number) => optional<string>(no, { kind: 'string' })
export const bool = (no: number) => optional<boolean>(no, { kind: 'bool' })
/** A boolean that is omitted when false. */
export const flag = (no: number) => optional<true>(no, { kind: 'bool' })
export const uint32 = (no: number) => optional<number>(no, { kind: 'uint32' })
export const int32 = (no: number) => optional<number>(no, { kind: 'int32' })
export const int64 = (no: number) => optional<number>(no, { kind: 'int64' })
export const uint64 = (no: number) => optional<number>(no, { kind: 'uint64' })
export const data = (no: number) => optional<Payload>(no, { kind: 'data' })
export const json = (no: number) => optional<string>(no, { kind: 'json' })
export const strings = (no: number) => optional<Readonly<Record<string, string>>>(no, { kind: 'strings' })
export const one = <T>(no: number, of: MessageOf<T>) => optional<T>(no, { kind: 'message', message: of })
export const map = <T>(no: number, of: MessageOf<T>) =>
  optional<Readonly<Record<string, T>>>(no, { kind: 'map', message: of })

/** Present in every decoded message. */
export function required<V>(field: OptionalField<V>): RequiredField<V> {
  return { ...field, required: true }
}

/** {@link required}, and written in JSON even if zero. */
export function always<V>(field: OptionalField<V>): RequiredField<V> {
  return { ...field, required: true, always: true }
}

/** True when Protobuf omits the value. An empty message is not omitted. */
export function isZero(shape: Shape, value: unknown): boolean {
  switch (shape.kind) {
    case 'message':
      return false
    case 'strings':
    case 'map':
      return Object.keys(value as object).length === 0
    case 'publications':
    case 'data':
      return (value as readonly unknown[] | Payload).length === 0
    default:
      return value === '' || value === 0 || value === false
  }
}

/** The value of a required field that the wire omitted. */
export function zeroOf(shape: Shape): unknown {
  switch (shape.kind) {
    case 'string':
    case 'json':
    case 'data':
      return ''
    case 'bool':
      return false
    case 'publications':
      return []
    case 'strings':
    case 'map':
      return Object.create(null)
    case 'message':
      throw new Malformed('a required message is missing')
    default:
      return 0
  }
}
