/**
 * Renders the templates of the official image into one file for a private nginx (1.22 or newer) without root,
 * as `skein up` runs it. Start that nginx with {@link nginxArguments}.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readDefaults } from './defaults.ts'
import { type NginxOptions, settingsOf } from './options.ts'

const TEMPLATES = new URL('./templates/', import.meta.url)
const MAIN = 'skein.conf'

/**
 * The text of one self-contained nginx.conf. Its only side effect is reading the templates.
 * Throws if an option has spaces, quotes, `;` or braces, or is out of range.
 */
export function renderNginx(options: NginxOptions): string {
  return inline(MAIN, { ...readDefaults(), ...settingsOf(options) })
}

/** Foreground, errors on stderr. SIGTERM ends nginx at once, SIGQUIT after its clients have disconnected. */
export function nginxArguments(configFile: string): readonly string[] {
  return ['-e', 'stderr', '-c', configFile, '-g', 'daemon off;']
}

/** A template with its settings filled in and its includes inlined. */
function inline(name: string, settings: Readonly<Record<string, string>>): string {
  const template = readFileSync(fileURLToPath(new URL(`${name}.template`, TEMPLATES)), 'utf8')
  return fill(template, settings).replace(
    /^( *)include ([-\w]+\.inc);$/gm,
    (_line, indent: string, included: string) => indented(inline(included, settings), indent),
  )
}

/** Like envsubst, but a missing setting throws instead of becoming an empty string. */
function fill(template: string, settings: Readonly<Record<string, string>>): string {
  return template.replace(/\$\{(SKEIN_NGINX_\w+)\}/g, (_match, name: string) => {
    const value = settings[name]
    if (value === undefined) throw new Error(`nginx ${name} has no value: add it to nginx/container.env`)
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
