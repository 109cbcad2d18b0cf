/** Reads `container.env`, the default settings of containers, for an nginx without a container. */
import { readFileSync } from 'node:fs'

const FILE = new URL('./container.env', import.meta.url)

/** Variables of the templates that are no settings: start.sh and options.ts derive them from the settings. */
export const DERIVED = ['SKEIN_NGINX_ACCESS_LOG_VALUE', 'SKEIN_NGINX_POLICY_VALUE'] as const

export function readDefaults(): Readonly<Record<string, string>> {
  const lines = readFileSync(FILE, 'utf8').split('\n')
  const settings = lines.filter((line) => line.includes('=') && !line.startsWith('#'))
  return Object.fromEntries(settings.map(nameAndValue))
}

function nameAndValue(line: string): [string, string] {
  const at = line.indexOf('=')
  return [line.slice(0, at), line.slice(at + 1)]
}
