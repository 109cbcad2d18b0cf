/** The configuration as text without secrets, for `skein config --print`. */
import type { Config } from './config.ts'
import { annotations, written } from './kinds.ts'
import { ConfigSchema, SETTING_NAMES, variableName } from './schema.ts'

/** Lines of `VARIABLE=value`, in the order of the documents; then the namespaces as comments. */
export function printConfig(config: Config): string {
  const lines = SETTING_NAMES.map((name) => {
    const { kind } = annotations(ConfigSchema.properties[name])
    return `${variableName(name)}=${hide(kind, written(kind, config[name]))}`
  })
  const namespaces = JSON.stringify(config.channels, null, 2).split('\n')
  return [...lines, '', '# namespaces', ...namespaces.map((line) => `# ${line}`), ''].join('\n')
}

function hide(kind: string, value: string): string {
  if (value === '') return ''
  if (kind === 'secret') return '(set)'
  if (kind !== 'url') return value
  // The query holds the password of the Sentinels, and is cut there. The user part holds the other one; it
  // ends at the last `@`, since a password that is not encoded may hold any character.
  return value.replace(/([?&]sentinel=).*/, '$1(hidden)').replace(/\/\/.*@/, '//(hidden)@')
}
