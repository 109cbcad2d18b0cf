/** The generated documents are up to date. `npm run test:unit -- apps/node -u` regenerates them. */
import { readFileSync } from 'node:fs'
import { DEFAULT_LIMITS } from '@skein/core'
import { describe, expect, it } from 'vitest'
import { parseConfig } from './config.ts'
import { configurationPage, envExample, namespacesPage } from './documents.ts'
import { SETTING_NAMES, variableName } from './schema.ts'

const ROOT = '../../../../'

describe('documents', () => {
  it.each([
    ['docs/reference/configuration.md', configurationPage],
    ['docs/reference/namespaces.md', namespacesPage],
    ['.env.example', envExample],
  ])('%s matches the schema', async (path, page) => {
    await expect(page()).toMatchFileSnapshot(`${ROOT}${path}`)
  })

  it('.env.example lists every variable with its default', () => {
    const example = readFileSync(new URL(`${ROOT}.env.example`, import.meta.url), 'utf8')
    const uncommented = example.replaceAll(/^#(SKEIN_\w+=)/gm, '$1')
    const env = Object.fromEntries(
      [...uncommented.matchAll(/^(SKEIN_\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
    )
    expect(Object.keys(env)).toEqual(SETTING_NAMES.map(variableName))
    const read = parseConfig({ env: { ...env, SKEIN_ENV: 'development' } })
    expect(read).toEqual(parseConfig({ env: { SKEIN_ENV: 'development' } }))
  })

  it('the defaults equal those of core', () => {
    expect(parseConfig({ env: { SKEIN_ENV: 'development' } }).limits).toEqual(DEFAULT_LIMITS)
  })
})
