/**
 * The nginx configuration for a private nginx (1.22 or newer) without root, as `skein up` starts it: the same templates that
 * the official image puts through envsubst, made into one file. Start it with {@link nginxArguments}.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readDefaults } from './defaults.ts'
import { type NginxOptions, settingsOf } from './options.ts'

const TEMPLATES = new URL('./templates/', import.meta.url)
const MAIN = 'skein.conf'

/**
 * The text of one self-contained nginx.conf. Pure but for reading the templates beside this file.
 * Throws when an option could not stand in a configuration file (spaces, quotes, `;`, braces) or is out of range.
 */
export function renderNginx(options: NginxOptions): string {
  return inline(MAIN, { ...readDefaults(), ...settingsOf(options) })
}

/** Foreground, errors to stderr from the first line; SIGTERM ends it at once, SIGQUIT when its clients have left. */
export function nginxArguments(configFile: string): readonly string[] {
  return ['-e', 'stderr', '-c', configFile, '-g', 'daemon off;']
}

/** A template with its settings filled in, and its includes in their place. */
function inline(name: string, settings: Readonly<Record<string, string>>): string {
  const template = readFileSync(fileURLToPath(new URL(`${name}.template`, TEMPLATES)), 'utf8')
  return fill(template, settings).replace(
    /^( *)include ([-\w]+\.inc);$/gm,
    (_line, indent: string, included: string) => indented(inline(included, settings), indent),
  )
}

/** As envsubst does it, but a setting that is missing is an error and not an empty string. */
function fill(template: string, settings: Readonly<Record<string, string>>): string {
  return template.replace(/\$\{(SKEIN_NGINX_\w+)\}/g, (_match, name: string) => {
    const value = settings[name]
    if (value === undefined) throw new Error(`the nginx template needs ${name}, which has no value`)
    return value
  })
}

function indented(text: string, indent: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : indent + line))
    .join('\n')
}
