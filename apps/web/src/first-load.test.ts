/** Bytes of the built app on the wire. The bounds are those of the first page and of the whole app. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { ensureBuilt, webRoot } from './index.ts'

const kB = (path: string): number => statSync(join(webRoot, path)).size / 1000

/** The page and the files that it names. */
function firstLoad(): string[] {
  const page = readFileSync(join(webRoot, 'index.html'), 'utf8')
  return ['index.html', ...[...page.matchAll(/(?:src|href)="\/([^"]+)"/g)].map((match) => match[1] ?? '')]
}

const sum = (files: readonly string[], ending: string): number =>
  files.reduce((total, file) => total + kB(file + ending), 0)

describe('the built app on the wire', () => {
  beforeAll(() => ensureBuilt(), 60_000)

  test('loads at most 170 kB by gzip, and 140 kB by brotli, for the first page', () => {
    expect(sum(firstLoad(), '.gz')).toBeLessThanOrEqual(170)
    expect(sum(firstLoad(), '.br')).toBeLessThanOrEqual(140)
  })

  test('has at most 190 kB by brotli in all scripts and styles', () => {
    const assets = readdirSync(join(webRoot, 'assets')).filter((name) => /\.(js|css)$/.test(name))
    expect(assets.join()).toMatch(/signed-in-/)
    expect(firstLoad().join()).not.toMatch(/signed-in-/)
    for (const name of assets.filter((asset) => asset.endsWith('.js')))
      expect(readFileSync(join(webRoot, 'assets', name), 'utf8'), name).not.toContain('jsxDEV')
    expect(
      sum(
        assets.map((name) => `assets/${name}`),
        '.br',
      ),
    ).toBeLessThanOrEqual(190)
  })

  test('has a brotli and a gzip form of each file, with the same content', () => {
    for (const name of readdirSync(webRoot, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(js|css|html|svg)$/.test(name)) continue
      const plain = readFileSync(join(webRoot, name))
      expect(brotliDecompressSync(readFileSync(join(webRoot, `${name}.br`))).equals(plain), name).toBe(true)
      expect(gunzipSync(readFileSync(join(webRoot, `${name}.gz`))).equals(plain), name).toBe(true)
    }
  })
})
