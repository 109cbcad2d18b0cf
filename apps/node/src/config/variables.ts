/** Parses the `SKEIN_*` variables, each by its kind and bounds. */
import type { TSchema } from 'typebox'
import Value from 'typebox/value'
import { type Annotated, annotations, read, written } from './kinds.ts'
import { nearest } from './nearest.ts'
import type { Problem } from './problem.ts'
import { ConfigSchema, SETTING_NAMES, type SettingName, type Settings, variableName } from './schema.ts'

export type Env = Readonly<Record<string, string | undefined>>

/**
 * Ignored variables: those that Kubernetes sets for a Service named `skein…`, and those of our nginx
 * templates.
 */
const FOREIGN =
  /^SKEIN_(NGINX_.*|(.+_)?SERVICE_(HOST|PORT(_.+)?)|.+_PORT(_\d+_(TCP|UDP)(_(PROTO|PORT|ADDR))?)?)$/

/**
 * All settings. An absent or empty variable has its default: Compose passes unset variables as empty text.
 */
export function readVariables(env: Env, problems: Problem[]): Settings {
  const settings = Object.fromEntries(SETTING_NAMES.map((name) => [name, readOne(name, env, problems)]))
  problems.push(...unknownVariables(env))
  return settings as Settings
}

function readOne(name: SettingName, env: Env, problems: Problem[]): unknown {
  const schema: TSchema = ConfigSchema.properties[name]
  const about = annotations(schema)
  const variable = variableName(name)
  const from = env[variable]
  if (from === undefined || from === '') return about.default
  const result = read(about.kind, from.trim())
  const problem = 'wrong' in result ? result : outOfBounds(schema, about, result.value)
  if (problem === undefined && 'value' in result) return result.value
  if (problem !== undefined) problems.push({ where: variable, ...withHint(problem, from) })
  return about.default
}

function outOfBounds(schema: TSchema, about: Annotated, value: unknown): Omit<Problem, 'where'> | undefined {
  if (Value.Check(schema, value)) return undefined
  if (about.choices !== undefined) {
    return {
      wrong: `"${String(value)}" is not one of its values`,
      instead: `write ${about.choices.join(', ')}`,
    }
  }
  // The text of a URL can hold a password, so no problem quotes it.
  if (about.kind === 'url') return { wrong: 'is not such a URL', instead: about.description }
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = about
  const [low, high] = [written(about.kind, minimum), written(about.kind, maximum)]
  const bounds = maximum === Number.MAX_SAFE_INTEGER ? `${low} or more` : `${low} to ${high}`
  return { wrong: `${written(about.kind, value)} is out of bounds`, instead: `write ${bounds}` }
}

/** `SKEIN_PORT=tcp://10.0.0.1:80` comes from a Kubernetes Service named `skein`. */
function withHint(problem: Omit<Problem, 'where'>, from: string): Omit<Problem, 'where'> {
  if (!from.startsWith('tcp://')) return problem
  return { ...problem, instead: 'set `enableServiceLinks: false` in the pod, Kubernetes made this variable' }
}

function unknownVariables(env: Env): Problem[] {
  const known = SETTING_NAMES.map(variableName)
  return Object.keys(env)
    .filter((name) => name.startsWith('SKEIN_') && !known.includes(name))
    .filter((name) => !FOREIGN.test(name))
    .map((name) => {
      const meant = nearest(name, known)
      const instead =
        meant === undefined ? 'remove it; docs/reference/configuration.md lists all' : `write ${meant}?`
      return { where: name, wrong: 'is not a setting', instead }
    })
}
