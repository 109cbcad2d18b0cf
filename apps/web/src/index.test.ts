import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contentSecurityPolicy, vendorFiles, webRoot } from './index.ts'

const page = readFileSync(join(webRoot, 'index.html'), 'utf8')

describe('the demo page', () => {
  test('loads only what is served', () => {
    const loaded = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1] ?? '')
    expect(loaded).toContain('/vendor/centrifuge.js')
    for (const path of loaded) expect(existsSync(vendorFiles[path] ?? join(webRoot, path)), path).toBe(true)
  })

  test('has nothing inline, so that its policy can forbid it', () => {
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:/i)
    expect(page.match(/<script(?![^>]*\ssrc=)/g)).toBeNull()
    expect(contentSecurityPolicy).not.toContain('unsafe')
  })

  test('brings the browser bundle of the official SDK', () => {
    expect(readFileSync(vendorFiles['/vendor/centrifuge.js'] ?? '', 'utf8')).toContain(
      'globalThis.Centrifuge=',
    )
  })
})
